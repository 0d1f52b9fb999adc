"""Every entry of a layer's gradients beside central differences, with a random dy from above."""

import numpy as np

from tests.dlkit.layer_cases import floats, forward, several


def differences(f, array, h=1e-6):
    """df/d(array), entry by entry, by central differences; `array` is changed and put back."""
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        old = array[index]
        array[index] = old + h
        above = f()
        array[index] = old - h
        gradient[index] = (above - f()) / (2 * h)
        array[index] = old
    return gradient


def wrong_gradients(case, layer, inputs, rng):
    """The names among inputs (x0, x1, …) and parameters whose gradient disagrees, L = Σ dy · y."""
    dys = [rng.normal(size=y.shape) for y in forward(case, layer, inputs)]

    def loss():
        ys = forward(case, layer, inputs)
        return float(sum((dy * y).sum() for dy, y in zip(dys, ys, strict=True)))

    expected = {f"x{i}": differences(loss, inputs[i]) for i in floats(inputs)}
    expected |= {name: differences(loss, value) for name, value in layer.params.items()}
    forward(case, layer, inputs)
    dxs = several(layer.backward(*dys))
    found = {f"x{i}": dx for i, dx in enumerate(dxs) if dx is not None} | layer.grads
    if set(found) != set(expected):
        return sorted(set(found) ^ set(expected))
    return [n for n, g in expected.items() if not close(found[n], g)]


def close(found, expected):
    same = found.shape == expected.shape
    return same and np.allclose(found, expected, rtol=1e-6, atol=1e-8)
