"""Layers written by hand in NumPy, with forward and backward passes; torch_nn has their twins."""

from dlkit.nn import initialisers
from dlkit.nn.attention import Attention, attention
from dlkit.nn.batch_norm import BatchNorm
from dlkit.nn.container import Container
from dlkit.nn.conv import Conv2d, conv2d, conv2d_naive
from dlkit.nn.cross_entropy import BinaryCrossEntropyWithLogits, SoftmaxCrossEntropy
from dlkit.nn.dropout import Dropout
from dlkit.nn.embedding import Embedding
from dlkit.nn.flatten import Flatten
from dlkit.nn.gelu import GELU, gelu
from dlkit.nn.group_norm import GroupNorm, InstanceNorm
from dlkit.nn.gru import GRU, gru_step
from dlkit.nn.images import conv_output_size, im2col, pad2d
from dlkit.nn.information import cross_entropy, entropy, kl_divergence, self_information
from dlkit.nn.layer import Layer
from dlkit.nn.layer_norm import LayerNorm
from dlkit.nn.linear import Linear
from dlkit.nn.losses import Loss, MeanSquaredError
from dlkit.nn.lstm import LSTM, lstm_step
from dlkit.nn.multi_head_attention import MultiHeadAttention
from dlkit.nn.one_hot import one_hot
from dlkit.nn.pooling import AvgPool2d, MaxPool2d, avg_pool2d, max_pool2d
from dlkit.nn.recurrent import Recurrent
from dlkit.nn.relu import LeakyReLU, ReLU, leaky_relu, relu
from dlkit.nn.residual import Residual
from dlkit.nn.rnn import RNN, rnn_step
from dlkit.nn.sequential import Sequential
from dlkit.nn.sigmoid import Sigmoid, sigmoid
from dlkit.nn.softmax import Softmax, log_softmax, softmax
from dlkit.nn.step import Step
from dlkit.nn.tanh import Tanh

__all__ = [
    "Attention",
    "AvgPool2d",
    "BatchNorm",
    "BinaryCrossEntropyWithLogits",
    "Container",
    "Conv2d",
    "Dropout",
    "Embedding",
    "Flatten",
    "GELU",
    "GRU",
    "GroupNorm",
    "InstanceNorm",
    "LSTM",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "Loss",
    "MaxPool2d",
    "MeanSquaredError",
    "MultiHeadAttention",
    "RNN",
    "ReLU",
    "Recurrent",
    "Residual",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Step",
    "Tanh",
    "attention",
    "avg_pool2d",
    "conv2d",
    "conv2d_naive",
    "conv_output_size",
    "cross_entropy",
    "entropy",
    "gelu",
    "gru_step",
    "im2col",
    "initialisers",
    "kl_divergence",
    "leaky_relu",
    "log_softmax",
    "lstm_step",
    "max_pool2d",
    "one_hot",
    "pad2d",
    "relu",
    "rnn_step",
    "self_information",
    "sigmoid",
    "softmax",
]
