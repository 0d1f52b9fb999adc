"""The reference networks: parameter counts as published, shapes, and that each of them learns."""

import pytest

torch = pytest.importorskip("torch")
torch_nn = pytest.importorskip("dlkit.torch_nn")
pytestmark = pytest.mark.torch

# name: (how to build it, parameters, x without the batch, y without the batch)
NETWORKS = {
    "LeNet5": (lambda n: n.LeNet5(), 61_706, (1, 32, 32), (10,)),
    "LeNet5, 28 pixels": (lambda n: n.LeNet5(padding=2), 61_706, (1, 28, 28), (10,)),
    "LeNet5Of1998": (lambda n: n.LeNet5Of1998(), 60_000, (1, 32, 32), (10,)),
    "AlexNet": (lambda n: n.AlexNet(), 61_100_840, (3, 224, 224), (1000,)),
    "AlexNet, 2012": (lambda n: n.AlexNet(paper=True), 60_965_224, (3, 224, 224), (1000,)),
    "VGG16": (lambda n: n.VGG16(), 138_357_544, (3, 224, 224), (1000,)),
    "NetworkInNetwork": (lambda n: n.NetworkInNetwork(), 966_986, (3, 32, 32), (10,)),
    "Inception": (
        lambda n: n.Inception(192, 64, (96, 128), (16, 32), 32),
        163_696,
        (192, 28, 28),
        (256, 28, 28),
    ),
    "ResNet18": (lambda n: n.ResNet18(), 11_689_512, (3, 224, 224), (1000,)),
}
SMALL = {
    "LeNet5": lambda n: (n.LeNet5(), (1, 32, 32)),
    "LeNet5Of1998": lambda n: (n.LeNet5Of1998(), (1, 32, 32)),
    "NetworkInNetwork": lambda n: (n.NetworkInNetwork(), (3, 16, 16)),
    "Inception": lambda n: (n.Inception(4, 2, (2, 3), (1, 2), 2), (4, 6, 6)),
    "ResidualBlock": lambda n: (n.ResidualBlock(4, 8, 2), (4, 6, 6)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_and_shapes_are_the_published_ones(name):
    """On the meta device, where tensors have shapes and no numbers."""
    build, count, shape, out = NETWORKS[name]
    with torch.device("meta"):
        network = build(torch_nn)
        y = network(torch.empty(2, *shape))
    assert sum(p.numel() for p in network.parameters()) == count
    assert tuple(y.shape) == (2, *out)


def test_most_of_vgg_is_on_top():
    with torch.device("meta"):
        network = torch_nn.VGG16()
    top = [module for module in network if isinstance(module, torch.nn.Linear)]
    assert sum(p.numel() for module in top for p in module.parameters()) == 123_642_856


def test_lenet_shapes_are_those_of_the_chapter():
    x, found = torch.zeros(1, 1, 32, 32), []
    for module in torch_nn.LeNet5():
        x = module(x)
        if isinstance(module, torch.nn.Conv2d | torch.nn.MaxPool2d | torch.nn.Linear):
            found.append(tuple(x.shape[1:]))
    assert found == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120,), (84,), (10,)]


def test_every_layer_of_1998_up_to_f6_is_squashed():
    x, stages = torch.full((1, 1, 32, 32), 100.0), []
    for module in torch_nn.LeNet5Of1998().features:
        x = module(x)
        if not isinstance(module, torch.nn.Flatten):
            stages.append((type(module).__name__, x.abs().max().item()))
    assert [name for name, _ in stages[1::2]] == ["StretchedTanh"] * 6
    assert "StretchedTanh" not in [name for name, _ in stages[::2]]
    assert stages[0][1] > 2
    assert all(largest < 1.716 for _, largest in stages[1::2])


def test_table_1_gives_each_map_of_s2_to_ten_kernels():
    from dlkit.torch_nn.lenet import SparseConv

    maps = SparseConv.MAPS
    assert [len(set(seen)) for seen in maps] == [3] * 6 + [4] * 9 + [6]
    assert [sum(i in seen for seen in maps) for i in range(6)] == [10] * 6
    assert len(set(map(frozenset, maps))) == 16


@pytest.mark.parametrize("name", SMALL)
def test_every_parameter_gets_a_gradient_and_the_loss_falls(name):
    torch.manual_seed(0)
    network, shape = SMALL[name](torch_nn)
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    x = torch.randn(4, *shape)
    target = torch.randn_like(network(x))
    losses = []
    descent = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(20):
        loss = ((network(x) - target) ** 2).mean()
        descent.zero_grad()
        loss.backward()
        losses.append(loss.item())
        assert all(p.grad is not None and p.grad.any() for p in network.parameters())
        descent.step()
    assert losses[-1] < 0.95 * losses[0]


def test_resnet_takes_any_image_size_and_all_of_it_learns():
    torch.manual_seed(0)
    network = torch_nn.ResNet18(10)
    network(torch.randn(2, 3, 33, 47)).square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in network.parameters())


def test_a_residual_block_is_relu_of_f_and_its_input():
    torch.manual_seed(0)
    block, x = torch_nn.ResidualBlock(3, 3).eval(), torch.randn(2, 3, 5, 5)
    assert torch.equal(block(x), torch.relu(block.f(x) + x))
