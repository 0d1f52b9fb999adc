"""Layers with and without a mistake in their backward pass, for a gradient checker to judge.

A layer is a pair of functions: `forward(**inputs)` gives y, `backward(dout, **inputs)` a dict with
the gradient of Σ dout · y by each input. `Fn("layer_forward", ("dense",))` and
`Fn("layer_backward", ("dense", 0))` are such a pair; 0 is the right backward pass, and every other
number one with a mistake that people make. The layer "mixed" takes its mistake as data.
"""

import numpy as np


def layer_forward(name):
    """The forward pass of the layer `name`."""
    return _LAYERS[name][0]


def layer_backward(name, number, fault=None):
    """A backward pass of the layer `name`; `fault` = (input, kind) goes wrong on top of it."""
    backward = _LAYERS[name][1 + number]
    if fault is None:
        return backward
    spoil = _FAULTS[fault[1]]

    def spoiled(dout, **inputs):
        grads = backward(dout, **inputs)
        return {**grads, fault[0]: spoil(grads[fault[0]])}

    return spoiled


def _spoil_column(grad, column):
    """Only one column, or one entry of a vector, is wrong."""
    grad = np.array(grad)
    grad[..., column] *= 1.5
    return grad


_FAULTS = {
    "sign": lambda grad: -grad,
    "half": lambda grad: grad / 2,
    "first column": lambda grad: _spoil_column(grad, 0),
    "last column": lambda grad: _spoil_column(grad, -1),
    "flipped": lambda grad: grad[::-1].copy(),
}

# -- y = x W + b -----------------------------------------------------------------------------------


def _dense(x, W, b):
    return x @ W + b


def _dense_backward(dout, x, W, b):
    return {"x": dout @ W.T, "W": x.T @ dout, "b": dout.sum(axis=0)}


def _dense_b_is_a_mean(dout, x, W, b):
    return {"x": dout @ W.T, "W": x.T @ dout, "b": dout.mean(axis=0)}


def _dense_b_is_shared(dout, x, W, b):
    shared = np.full(b.shape, dout.sum() / b.size)
    return {"x": dout @ W.T, "W": x.T @ dout, "b": shared}


def _dense_b_has_two_axes(dout, x, W, b):
    return {"x": dout @ W.T, "W": x.T @ dout, "b": dout.sum(axis=0, keepdims=True)}


def _dense_without_b(dout, x, W, b):
    return {"x": dout @ W.T, "W": x.T @ dout}


def _dense_last_unit_is_left_out(dout, x, W, b):
    dW = x.T @ dout
    dW[:, -1] = 0
    return {"x": dout @ W.T, "W": dW, "b": dout.sum(axis=0)}


def _dense_W_is_a_mean(dout, x, W, b):
    return {"x": dout @ W.T, "W": x.T @ dout / len(x), "b": dout.sum(axis=0)}


def _dense_W_is_not_transposed(dout, x, W, b):
    return {"x": dout @ W, "W": x.T @ dout, "b": dout.sum(axis=0)}


# -- elementwise: sigmoid, tanh, relu, square, softplus --------------------------------------------


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _sigmoid_backward(dout, x):
    y = _sigmoid(x)
    return {"x": dout * y * (1 - y)}


def _sigmoid_takes_x_for_y(dout, x):
    return {"x": dout * x * (1 - x)}


def _sigmoid_without_dout(dout, x):
    y = _sigmoid(x)
    return {"x": y * (1 - y)}


def _tanh(x):
    return np.tanh(x)


def _tanh_backward(dout, x):
    return {"x": dout * (1 - np.tanh(x) ** 2)}


def _tanh_takes_x_for_y(dout, x):
    return {"x": dout * (1 - x**2)}


def _relu(x):
    return np.maximum(x, 0)


def _relu_backward(dout, x):
    return {"x": dout * (x > 0)}


def _relu_asks_dout(dout, x):
    return {"x": dout * (dout > 0)}


def _square(x):
    return x * x


def _square_backward(dout, x):
    return {"x": dout * x + dout * x}


def _square_takes_one_path(dout, x):
    return {"x": dout * x}


def _softplus(x):
    return np.logaddexp(0, x)


def _softplus_backward(dout, x):
    return {"x": dout * _sigmoid(x)}


def _softplus_overflows(dout, x):
    with np.errstate(over="ignore", invalid="ignore"):
        return {"x": dout * np.exp(x) / (1 + np.exp(x))}


# -- along rows or columns: softmax, centred columns, rows of length 1, a factor for each column ---


def _softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _softmax_backward(dout, x):
    y = _softmax(x)
    return {"x": y * (dout - (dout * y).sum(axis=1, keepdims=True))}


def _softmax_as_sigmoid(dout, x):
    y = _softmax(x)
    return {"x": dout * y * (1 - y)}


def _softmax_along_columns(dout, x):
    y = _softmax(x)
    return {"x": y * (dout - (dout * y).sum(axis=0, keepdims=True))}


def _centre(x):
    return x - x.mean(axis=0)


def _centre_backward(dout, x):
    return {"x": dout - dout.mean(axis=0)}


def _centre_with_constant_mean(dout, x):
    return {"x": dout}


def _unit_rows(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def _unit_rows_backward(dout, x):
    y = _unit_rows(x)
    along = (dout * y).sum(axis=1, keepdims=True)
    return {"x": (dout - y * along) / np.linalg.norm(x, axis=1, keepdims=True)}


def _unit_rows_with_constant_length(dout, x):
    return {"x": dout / np.linalg.norm(x, axis=1, keepdims=True)}


def _scale(x, g):
    return x * g


def _scale_backward(dout, x, g):
    return {"x": dout * g, "g": (dout * x).sum(axis=0)}


def _scale_not_summed(dout, x, g):
    return {"x": dout * g, "g": dout * x}


def _scale_forgets_both(dout, x, g):
    return {"x": dout, "g": dout.sum(axis=0)}


# -- several in one: y = tanh(x W + b) g -----------------------------------------------------------


def _mixed(x, W, b, g):
    return np.tanh(x @ W + b) * g


def _mixed_backward(dout, x, W, b, g):
    y = np.tanh(x @ W + b)
    ds = dout * g * (1 - y * y)
    return {"x": ds @ W.T, "W": x.T @ ds, "b": ds.sum(axis=0), "g": (dout * y).sum(axis=0)}


# name -> forward, the right backward pass, backward passes with a mistake
_LAYERS = {
    "dense": (
        _dense,
        _dense_backward,
        _dense_b_is_a_mean,
        _dense_b_is_shared,
        _dense_b_has_two_axes,
        _dense_without_b,
        _dense_last_unit_is_left_out,
        _dense_W_is_a_mean,
        _dense_W_is_not_transposed,
    ),
    "sigmoid": (_sigmoid, _sigmoid_backward, _sigmoid_takes_x_for_y, _sigmoid_without_dout),
    "tanh": (_tanh, _tanh_backward, _tanh_takes_x_for_y),
    "relu": (_relu, _relu_backward, _relu_asks_dout),
    "square": (_square, _square_backward, _square_takes_one_path),
    "softplus": (_softplus, _softplus_backward, _softplus_overflows),
    "softmax": (_softmax, _softmax_backward, _softmax_as_sigmoid, _softmax_along_columns),
    "centre": (_centre, _centre_backward, _centre_with_constant_mean),
    "unit_rows": (_unit_rows, _unit_rows_backward, _unit_rows_with_constant_length),
    "scale": (_scale, _scale_backward, _scale_not_summed, _scale_forgets_both),
    "mixed": (_mixed, _mixed_backward),
}
