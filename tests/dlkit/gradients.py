"""Every entry of a layer's gradients beside central differences, with a random dy from above."""

import numpy as np


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


def wrong_gradients(layer, x, rng):
    """The names among x and the parameters whose gradient disagrees, for L = Σ dy · y."""
    dy = rng.normal(size=layer.forward(x).shape)

    def loss():
        return float((dy * layer.forward(x)).sum())

    expected = {"x": differences(loss, x)}
    expected |= {name: differences(loss, value) for name, value in layer.params.items()}
    layer.forward(x)
    found = {"x": layer.backward(dy)} | layer.grads
    if set(found) != set(expected):
        return sorted(set(found) ^ set(expected))
    return [n for n, g in expected.items() if not np.allclose(found[n], g, rtol=1e-6, atol=1e-8)]
