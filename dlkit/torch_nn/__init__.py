"""The layers of dlkit.nn on torch tensors: the same names, and autograd does the backward pass."""

from dlkit.torch_nn.alexnet import AlexNet
from dlkit.torch_nn.attention import Attention, attention
from dlkit.torch_nn.batch_norm import BatchNorm
from dlkit.torch_nn.conv import Conv2d, conv2d_unfold
from dlkit.torch_nn.cross_entropy import BinaryCrossEntropyWithLogits, SoftmaxCrossEntropy
from dlkit.torch_nn.dropout import Dropout
from dlkit.torch_nn.embedding import Embedding
from dlkit.torch_nn.flatten import Flatten
from dlkit.torch_nn.gelu import GELU
from dlkit.torch_nn.group_norm import GroupNorm, InstanceNorm
from dlkit.torch_nn.gru import GRU, gru_step
from dlkit.torch_nn.inception import Inception
from dlkit.torch_nn.layer_norm import LayerNorm
from dlkit.torch_nn.lenet import LeNet5, LeNet5Of1998
from dlkit.torch_nn.linear import Linear
from dlkit.torch_nn.losses import MeanSquaredError
from dlkit.torch_nn.lstm import LSTM, lstm_step
from dlkit.torch_nn.multi_head_attention import MultiHeadAttention
from dlkit.torch_nn.network_in_network import NetworkInNetwork
from dlkit.torch_nn.pooling import AvgPool2d, MaxPool2d
from dlkit.torch_nn.relu import LeakyReLU, ReLU
from dlkit.torch_nn.residual import Residual
from dlkit.torch_nn.resnet import ResidualBlock, ResNet18
from dlkit.torch_nn.rnn import RNN, rnn_step
from dlkit.torch_nn.sequential import Sequential
from dlkit.torch_nn.sigmoid import Sigmoid
from dlkit.torch_nn.softmax import Softmax
from dlkit.torch_nn.step import Step
from dlkit.torch_nn.tanh import Tanh
from dlkit.torch_nn.tools import copy_params, default_device
from dlkit.torch_nn.vgg import VGG16

__all__ = [
    "AlexNet",
    "Attention",
    "AvgPool2d",
    "BatchNorm",
    "BinaryCrossEntropyWithLogits",
    "Conv2d",
    "Dropout",
    "Embedding",
    "Flatten",
    "GELU",
    "GRU",
    "GroupNorm",
    "Inception",
    "InstanceNorm",
    "LSTM",
    "LayerNorm",
    "LeNet5",
    "LeNet5Of1998",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "MeanSquaredError",
    "MultiHeadAttention",
    "NetworkInNetwork",
    "RNN",
    "ReLU",
    "ResNet18",
    "Residual",
    "ResidualBlock",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Step",
    "Tanh",
    "VGG16",
    "attention",
    "conv2d_unfold",
    "copy_params",
    "default_device",
    "gru_step",
    "lstm_step",
    "rnn_step",
]
