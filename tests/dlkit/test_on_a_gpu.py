"""On a GPU: the twins' numbers, training and checkpoints are those of the CPU."""

import numpy as np
import pytest

from dlkit import training
from tests.dlkit.layer_cases import CASES, every, prepared
from tests.dlkit.training_models import PARTS, data, run

torch = pytest.importorskip("torch")
torch_nn = pytest.importorskip("dlkit.torch_nn")
parity = pytest.importorskip("tests.dlkit.test_torch_nn")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU"),
]


def has_parameters(case):
    return bool(prepared(case, np.random.default_rng(0)).params)


LEARNING = {name: case for name, case in CASES.items() if has_parameters(case)}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _precision(monkeypatch):
    """No TF32; and cuDNN's own tanh and sums of float32 are held to the course's tolerance."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    monkeypatch.setitem(parity.TOLERANCE, "float32", 1e-4)


def on_gpu(case, layer, dtype):
    """The layer's twin, whose parameters were moved to the GPU."""
    return parity.twin_of(case, layer, dtype).to("cuda")


@pytest.mark.parametrize("dtype", parity.TOLERANCE)
@every(LEARNING)
def test_twins_agree_forward_and_backward(case, dtype, rng):
    layer = prepared(case, rng, dtype)
    twin = on_gpu(case, layer, dtype)
    assert parity.disagreements(case, layer, twin, rng, dtype) == []


@every(LEARNING)
def test_twenty_steps_are_the_same(case, rng):
    layer = prepared(case, rng)
    twin = on_gpu(case, layer, "float64")
    assert parity.steps_apart(case, layer, twin, rng, "float64") == []


@every(CASES)
def test_a_twin_can_be_made_there(case, rng):
    twin = case.build(torch_nn, rng, dtype=torch.float32, device="cuda")
    assert {p.device.type for p in twin.parameters()} <= {"cuda"}


def test_the_gpu_is_the_default_device():
    assert torch_nn.default_device().type == "cuda"


def test_fit_trains_there_and_its_checkpoint_goes_on_here(tmp_path):
    parts = PARTS["torch"]()
    parts[0].to("cuda")
    history = run(parts, 6)
    assert history["loss"][-1] < history["loss"][0]
    assert next(parts[0].parameters()).is_cuda
    training.save_checkpoint(tmp_path / "there.npz", parts[0])
    here = PARTS["torch"](seed=9)[0]
    training.load_checkpoint(tmp_path / "there.npz", here)
    X = torch.tensor(data()[0])
    for model in (parts[0], here):
        model.eval()
    with torch.no_grad():
        assert torch.allclose(parts[0](X.to("cuda")).cpu(), here(X), atol=1e-10)


def test_a_run_goes_on_to_the_same_numbers(tmp_path):
    whole, first, second = (PARTS["torch"](seed=seed) for seed in (0, 0, 5))
    for parts in (whole, first, second):
        parts[0].to("cuda")
    torch.manual_seed(0)
    losses = run(whole, 6)["loss"]
    torch.manual_seed(0)
    half = run(first, 3)
    training.save_checkpoint(tmp_path / "half.npz", first[0], first[2], first[3], half)
    history = training.load_checkpoint(tmp_path / "half.npz", second[0], second[2], second[3])
    assert run(second, 6, history)["loss"] == losses
