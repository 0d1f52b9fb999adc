"""Convolution and pooling: the fast forms beside the naive ones, ties, and errors with the slip."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlkit import nn
from dlkit.errors import ShapeError
from dlkit.nn import pooling, unroll

pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
few = settings(max_examples=80, derandomize=True)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def images(N=2, C=3, H=6, W=5, dtype=np.float64):
    return np.random.default_rng(1).normal(size=(N, C, H, W)).astype(dtype)


def test_a_convolution_by_hand():
    x = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    W = np.array([[[[1, 0], [0, -1]]]])
    expected = [[[[11 - 15, 12 - 16], [14 - 18, 15 - 19]]]]
    assert np.array_equal(nn.conv2d(x, W, [10]), np.array(expected) + 10)
    assert np.array_equal(nn.conv2d_naive(x, W, [10]), np.array(expected) + 10)


@few
@given(
    N=st.integers(0, 12),
    C=st.sampled_from([1, 2, 6, 17]),
    M=st.integers(1, 3),
    kernel=pairs,
    stride=pairs,
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    size=st.tuples(st.integers(3, 6), st.integers(3, 6)),
    cache=st.sampled_from([1, 20_000, unroll.CACHE]),
)
def test_the_fast_form_is_the_naive_one(N, C, M, kernel, stride, padding, size, cache):
    """Also where the batch is cut into groups, the last of them smaller."""
    rng = np.random.default_rng(0)
    x, W, b = rng.normal(size=(N, C, *size)), rng.normal(size=(M, C, *kernel)), rng.normal(size=M)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unroll, "CACHE", cache)
        fast = nn.conv2d(x, W, b, stride, padding)
    assert np.allclose(fast, nn.conv2d_naive(x, W, b, stride, padding), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("C", [2, 9])
def test_gradients_do_not_depend_on_the_groups(C, stride, rng, monkeypatch):
    layer, x = nn.Conv2d(C, 3, 3, stride=stride, padding=1, rng=rng), images(N=21, C=C)
    dy = rng.normal(size=layer(x).shape)
    dx, dW = layer.backward(dy), layer.grads["W"]
    sizes = []
    for cache in 2 ** np.arange(8, 21):
        monkeypatch.setattr(unroll, "CACHE", cache)
        whole = unroll.Unroll(x.shape, dW.shape, layer.stride, layer.padding)
        sizes.append(len(whole.groups(x)))
        layer(x)
        assert np.allclose(layer.backward(dy), dx, rtol=1e-12, atol=1e-12)
        assert np.allclose(layer.grads["W"], dW, rtol=1e-12, atol=1e-12)
        assert np.allclose(layer.grads["b"], dy.sum(axis=(0, 2, 3)), rtol=1e-12)
    assert {1, 21} < set(sizes)


@few
@given(
    kernel=pairs,
    stride=pairs,
    padding=st.integers(0, 2),
    size=st.tuples(st.integers(3, 6), st.integers(3, 6)),
    N=st.integers(0, 3),
)
def test_im2col_times_the_kernels_is_the_convolution(kernel, stride, padding, size, N):
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(N, 2, *size)), rng.normal(size=(3, 2, *kernel))
    y = nn.conv2d(x, W, None, stride, padding)
    rows = nn.im2col(x, kernel, stride, padding)
    assert rows.shape == (N * y.shape[2] * y.shape[3], 2 * kernel[0] * kernel[1])
    product = (rows @ W.reshape(3, -1).T).reshape(N, *y.shape[2:], 3).transpose(0, 3, 1, 2)
    assert np.allclose(product, y, rtol=1e-12, atol=1e-12)


@given(n=st.integers(1, 30), k=st.integers(1, 7), padding=st.integers(0, 3), s=st.integers(1, 4))
def test_the_output_size_counts_the_places(n, k, padding, s):
    places = len([i for i in range(0, n + 2 * padding, s) if i + k <= n + 2 * padding])
    if places:
        assert nn.conv_output_size(n, k, padding, s) == places
    else:
        with pytest.raises(ShapeError, match="window that fits into the image"):
            nn.conv_output_size(n, k, padding, s)


@pytest.mark.parametrize(("k", "padding", "stride"), [(3, 0, 0), (0, 0, 1), (3, -1, 1)])
def test_sizes_that_no_window_has_are_refused(k, padding, stride):
    with pytest.raises(ValueError, match=f"got k={k}, stride={stride}, padding={padding}"):
        nn.conv_output_size(5, k, padding, stride)


@few
@given(
    kernel=pairs,
    stride=st.none() | pairs,
    size=st.tuples(st.integers(3, 7), st.integers(3, 7)),
    N=st.integers(0, 2),
)
def test_pooling_is_the_maximum_or_mean_of_each_window(kernel, stride, size, N):
    x = np.random.default_rng(0).normal(size=(N, 2, *size))
    (kH, kW), (sH, sW) = kernel, stride or kernel
    OH, OW = (size[0] - kH) // sH + 1, (size[1] - kW) // sW + 1
    expected = {np.max: np.zeros((N, 2, OH, OW)), np.mean: np.zeros((N, 2, OH, OW))}
    for n, c, i, j in np.ndindex(N, 2, OH, OW):
        for of, y in expected.items():
            y[n, c, i, j] = of(x[n, c, sH * i : sH * i + kH, sW * j : sW * j + kW])
    assert np.array_equal(nn.max_pool2d(x, kernel, stride), expected[np.max])
    assert np.allclose(nn.avg_pool2d(x, kernel, stride), expected[np.mean], rtol=1e-12)


def tied():
    """Images of few different numbers, so that most windows have several largest ones."""
    return np.random.default_rng(3).integers(0, 2, size=(4, 3, 7, 6)).astype(float)


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), ((2, 3), (1, 2)), (1, 1)])
@pytest.mark.parametrize("images_at_once", [1, 3, 100])
def test_the_gradient_goes_to_the_first_maximum(kernel, stride, images_at_once, rng, monkeypatch):
    layer, x = nn.MaxPool2d(kernel, stride), tied()
    monkeypatch.setattr(pooling, "CACHE", images_at_once * x[0].nbytes)
    dy = rng.normal(size=layer(x).shape)
    (kH, kW), (sH, sW) = layer.kernel_size, layer.stride
    expected = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, sH * i : sH * i + kH, sW * j : sW * j + kW]
        kh, kw = np.unravel_index(window.argmax(), window.shape)
        expected[n, c, sH * i + kh, sW * j + kw] += dy[n, c, i, j]
    assert np.allclose(layer.backward(dy), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.torch
@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), ((2, 3), (1, 2))])
def test_torch_breaks_ties_alike(kernel, stride, rng):
    torch = pytest.importorskip("torch")
    from dlkit import torch_nn

    layer, x = nn.MaxPool2d(kernel, stride), tied()
    dy = rng.normal(size=layer(x).shape)
    for other in (torch_nn.MaxPool2d(kernel, stride), torch.nn.MaxPool2d(kernel, stride)):
        there = torch.tensor(x, requires_grad=True)
        other(there).backward(torch.tensor(dy))
        assert np.allclose(layer.backward(dy), there.grad.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.torch
@pytest.mark.parametrize("stride", [1, (2, 3)])
def test_unfolding_on_tensors_is_the_same(stride, rng):
    torch = pytest.importorskip("torch")
    from dlkit import torch_nn

    x, W, b = images(), rng.normal(size=(4, 3, 3, 2)), rng.normal(size=4)
    y = torch_nn.conv2d_unfold(*map(torch.tensor, (x, W, b)), stride, (1, 0))
    assert np.allclose(y.numpy(), nn.conv2d(x, W, b, stride, (1, 0)), rtol=1e-12, atol=1e-12)
    with pytest.raises(ShapeError, match="window that fits"):
        torch_nn.conv2d_unfold(torch.zeros(1, 3, 2, 2), torch.tensor(W))


def test_float32_stays_float32_with_a_bias_of_another_type():
    x, W = images(dtype=np.float32), np.ones((2, 3, 2, 2), np.float32)
    assert nn.conv2d(x, W, [1, 2]).dtype == nn.conv2d_naive(x, W, [1, 2]).dtype == np.float32
    assert nn.max_pool2d(x, 2).dtype == nn.avg_pool2d(x, 2).dtype == np.float32


def test_padding_surrounds_rows_and_columns_only():
    x = images()
    padded = nn.pad2d(x, (2, 1))
    assert padded.shape == (2, 3, 10, 7)
    assert np.array_equal(padded[:, :, 2:-2, 1:-1], x)
    assert padded.sum() == pytest.approx(x.sum(), rel=1e-12)


def test_a_changed_weight_changes_the_next_output(rng):
    """Nothing of the weights is kept from one forward to the next, nor to backward."""
    layer, x = nn.Conv2d(3, 2, 3, rng=rng), images()
    before = layer(x)
    layer.params["W"] *= 2
    assert np.allclose(layer(x), 2 * before, rtol=1e-12)
    dx = layer.backward(before)
    layer.params["W"] *= 2
    assert np.allclose(layer.backward(before), 2 * dx, rtol=1e-12)


def test_the_input_s_gradient_is_left_out_where_nobody_needs_it(rng):
    layer, x = nn.Conv2d(3, 2, 3, rng=rng), images()
    y = layer(x)
    layer.backward(y)
    full = layer.grads
    layer.needs_dx = False
    assert layer.backward(y) is None
    assert all(np.array_equal(layer.grads[name], full[name]) for name in full)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((2, 6, 5, 3), "try x.transpose(0, 3, 1, 2)"),
        ((3, 6, 5), "looks like one image: pass x[None]"),
        ((2, 6, 5), "pass x[:, None]"),
        ((2, 90), "looks flat: pass x.reshape(N, C, H, W)"),
        ((2, 4, 6, 5), "shape (N, 3, H, W), got (2, 4, 6, 5)"),
        ((2, 3, 2, 5), "window of 3 and 2 pixels with 0 of padding"),
    ],
)
def test_a_wrong_shape_is_explained(shape, says, rng):
    with pytest.raises(ShapeError) as error:
        nn.Conv2d(3, 2, 3, rng=rng)(np.ones(shape))
    assert says in str(error.value)
    with pytest.raises(ShapeError):
        nn.conv2d(np.ones(shape), np.ones((2, 3, 3, 3)))


def test_pooling_explains_a_wrong_shape():
    for layer in (nn.MaxPool2d(3), nn.AvgPool2d(3)):
        with pytest.raises(ShapeError, match="window of 3 and 2 pixels"):
            layer(np.ones((1, 1, 2, 4)))
        with pytest.raises(ShapeError, match=r"pass x\[:, None\]"):
            layer(np.ones((1, 4, 4)))


def test_functions_explain_wrong_kernels_and_biases():
    with pytest.raises(ShapeError, match=r"expected W of shape \(M, C, kH, kW\), got \(3, 3\)"):
        nn.conv2d(images(), np.ones((3, 3)))
    with pytest.raises(ShapeError, match=r"b of shape \(2,\), one for each kernel, got \(3,\)"):
        nn.conv2d(images(), np.ones((2, 3, 1, 1)), np.ones(3))


@pytest.mark.parametrize("wrong", [0, -1, 1.5, (1, 2, 3), "2", (1, 0), None])
def test_sizes_are_whole_numbers_or_pairs(wrong, rng):
    with pytest.raises(ValueError, match="kernel_size to be a whole number from 1 on, or a pair"):
        nn.Conv2d(1, 1, wrong, rng=rng)
    with pytest.raises(ValueError, match="kernel_size to be a whole number from 1 on, or a pair"):
        nn.MaxPool2d(wrong)
    with pytest.raises(ValueError, match="stride to be a whole number from 1 on"):
        nn.Conv2d(1, 1, 1, stride=wrong, rng=rng)
    with pytest.raises(ValueError, match="padding to be a whole number from 0 on"):
        nn.Conv2d(1, 1, 1, padding=-1, rng=rng)


def test_layers_say_what_they_are(rng):
    assert repr(nn.Conv2d(1, 2, (3, 4), rng=rng)) == "Conv2d(W (2, 1, 3, 4), b (2,))"
    assert repr(nn.MaxPool2d(2)) == "MaxPool2d((2, 2), stride=(2, 2))"
    assert repr(nn.AvgPool2d(3, 1)) == "AvgPool2d((3, 3), stride=(1, 1))"


def test_kernels_start_as_he_drew_them(rng):
    W = nn.Conv2d(20, 50, 5, rng=rng).params["W"]
    assert W.std() == pytest.approx(np.sqrt(2 / (20 * 25)), rel=0.02)
