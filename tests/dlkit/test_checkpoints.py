"""Checkpoints: a run goes on to the same numbers, bit for bit, and a wrong file changes nothing."""

import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from dlkit import nn, optim, training
from dlkit.errors import CheckpointError
from dlkit.training import EarlyStopping, load_checkpoint, save_checkpoint
from tests.dlkit.test_optim import RULES
from tests.dlkit.training_models import EPOCHS, numpy_parts, run, torch_parts

both = pytest.mark.parametrize(
    ("kind", "parts"),
    [("numpy", numpy_parts), pytest.param("torch", torch_parts, marks=pytest.mark.torch)],
)


def stored(path):
    with np.load(path, allow_pickle=False) as file:
        return {name: (a.dtype, a.shape, a.tobytes()) for name, a in file.items()}


def save(path, parts, history=None, **more):
    model, _, optimizer, rng = parts
    save_checkpoint(path, model, optimizer, rng, history, **more)
    return path


@both
def test_six_epochs_are_three_and_three_in_a_fresh_process(kind, parts, tmp_path):
    whole = parts()
    expected = save(tmp_path / "six.npz", whole, run(whole, EPOCHS))
    half = parts()  # built now: torch has one generator for all
    three = save(tmp_path / "three.npz", half, run(half, 3))

    code = "import sys; from tests.dlkit.training_models import go_on; go_on(*sys.argv[1:])"
    found = tmp_path / "found.npz"
    subprocess.run([sys.executable, "-W", "error", "-c", code, kind, three, found], check=True)

    assert stored(found) == stored(expected)
    assert stored(found) != stored(three)
    assert any(name.startswith("model/buffers/") for name in stored(found))


@pytest.mark.parametrize("name", RULES)
def test_every_rule_goes_on(name, tmp_path):
    def parts():
        model, loss, _, rng = numpy_parts()
        return model, loss, RULES[name][0](model), rng

    whole, half, rest = parts(), parts(), parts()
    path = save(tmp_path / "one.npz", half, run(half, 1))
    history = load_checkpoint(path, rest[0], rest[2], rest[3])
    assert run(rest, 2, history) == run(whole, 2)


def test_a_killed_run_with_early_stopping_ends_as_if_it_was_not(tmp_path):
    def stopping():
        return EarlyStopping(patience=3, monitor="val_accuracy", largest=True)

    whole, killed, rest = numpy_parts(), numpy_parts(), numpy_parts()
    expected = run(whole, 40, stopping=stopping())
    assert expected.epochs < 40, "it stops early"
    path, halfway = tmp_path / "run.npz", expected.epochs - 2

    def kill(model, history):
        if history.epochs == halfway + 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(killed, 40, stopping=stopping(), checkpoint=path, callbacks=[kill])
    again = stopping()
    history = load_checkpoint(path, rest[0], rest[2], rest[3], again)
    assert history.epochs == halfway
    assert run(rest, 40, history, stopping=again) == expected
    for name, value in whole[0].params.items():
        assert np.array_equal(rest[0].params[name], value)


def test_a_model_alone_is_saved_and_loaded(tmp_path):
    model, other = numpy_parts()[0], numpy_parts(seed=1)[0]
    array = other.params["0.W"]
    save_checkpoint(tmp_path / "model.npz", model)
    assert load_checkpoint(tmp_path / "model.npz", other) == {}
    assert other.params["0.W"] is array
    assert all(np.array_equal(other.params[n], p) for n, p in model.params.items())


def test_generators_that_hold_arrays_are_saved(tmp_path):
    model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    rng, again = (np.random.Generator(np.random.MT19937(seed)) for seed in (1, 2))
    rng.random()
    save_checkpoint(tmp_path / "a.npz", model, rng=rng)
    load_checkpoint(tmp_path / "a.npz", model, rng=again)
    assert np.array_equal(again.random(5), rng.random(5))


@pytest.mark.torch
def test_what_a_gpu_saved_can_be_read_without_one(tmp_path, monkeypatch):
    """torch's generator on the GPU has a state of its own; here a stand-in gives it."""
    torch = pytest.importorskip("torch")
    from dlkit.torch_nn.learner import TorchLearner

    saving, loading = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    set_to = []
    gpu_state = torch.arange(16, dtype=torch.uint8)
    monkeypatch.setattr(torch.cuda, "get_rng_state", lambda device: gpu_state)
    monkeypatch.setattr(torch.cuda, "set_rng_state", lambda state, device: set_to.append(state))
    there = TorchLearner(saving)
    there.device = torch.device("cuda")
    states = there.random_states()
    with monkeypatch.context() as patch:
        patch.setattr(TorchLearner, "random_states", lambda self: states)
        save_checkpoint(tmp_path / "gpu.npz", saving)
    load_checkpoint(tmp_path / "gpu.npz", loading)
    assert torch.equal(loading.weight, saving.weight)
    there.load_random_states(states)
    there.load_random_states(TorchLearner(loading).random_states())
    assert [state.tolist() for state in set_to] == [gpu_state.tolist()]


def change(name):
    """A case: what is loaded into, and what the error says."""
    model, _, optimizer, rng = numpy_parts(seed=1)
    if name == "other shape":
        model = nn.Sequential(nn.Linear(3, 9, rng=rng))
        return (model,), r"0\.W is float64 \(3, 8\) there and float64 \(3, 9\) here"
    if name == "other dtype":
        return (model.astype("float32"),), "float64 .* there and float32"
    if name == "other rule":
        return (model, optim.SGD(model, 0.1), rng), "state of SGD, got one of Adam"
    if name == "other generator":
        rng = np.random.Generator(np.random.MT19937(0))
        return (model, optimizer, rng), "another kind of generator"
    model.layers[1].layers[1].rng = None
    return (model, optimizer, rng), "other generators in its layers"


@pytest.mark.parametrize(
    "name", ["other shape", "other dtype", "other rule", "other generator", "no generator"]
)
def test_what_does_not_fit_is_named_and_nothing_is_changed(name, tmp_path):
    parts = numpy_parts()
    path = save(tmp_path / "a.npz", parts, run(parts, 1))
    into, says = change(name)
    before = {n: p.copy() for n, p in into[0].params.items()}
    with pytest.raises(CheckpointError, match=says):
        load_checkpoint(path, *into)
    assert all(np.array_equal(into[0].params[n], p) for n, p in before.items())


@pytest.mark.torch
def test_a_state_of_another_rule_of_torch_is_named(tmp_path):
    torch = pytest.importorskip("torch")
    parts = torch_parts()
    path = save(tmp_path / "a.npz", parts, run(parts, 1))
    sgd = torch.optim.SGD(parts[0].parameters(), 0.1)
    with pytest.raises(CheckpointError, match="state of AdamW, not of SGD"):
        load_checkpoint(path, parts[0], sgd)


def test_what_the_file_does_not_hold_is_not_invented(tmp_path):
    model, _, optimizer, rng = numpy_parts()
    save_checkpoint(tmp_path / "model.npz", model)
    with pytest.raises(CheckpointError, match="holds no optimizer"):
        load_checkpoint(tmp_path / "model.npz", model, optimizer)
    with pytest.raises(CheckpointError, match="holds no rng"):
        load_checkpoint(tmp_path / "model.npz", model, rng=rng)


UNPICKLED = []


def spring():
    UNPICKLED.append("ran")


class Trap:
    def __reduce__(self):
        return spring, ()


def test_damaged_foreign_and_pickled_files_are_refused(tmp_path):
    parts = numpy_parts()
    path = save(tmp_path / "a.npz", parts)
    whole = path.read_bytes()
    np.savez(tmp_path / "foreign.npz", x=np.ones(3))
    np.savez(tmp_path / "trap.npz", about=np.array([Trap()]))
    trap = (tmp_path / "trap.npz").read_bytes()
    pickle.loads(pickle.dumps(Trap()))
    assert UNPICKLED.pop() == "ran", "the trap works"
    np.save(tmp_path / "array.npy", np.ones(3))
    foreign = (tmp_path / "foreign.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "packed.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("about.npy", bytes(1000))
    inside = bytearray((tmp_path / "packed.npz").read_bytes())
    inside[45:48] = b"\xff\xff\xff"  # no longer what deflate writes
    strange = bytearray(whole)
    strange[whole.index(b"PK\x01\x02") + 10] = 95  # the number of a packing that Python lacks
    np.savez(tmp_path / "list.npz", about=np.array("[1]"))
    listed = (tmp_path / "list.npz").read_bytes()
    array = (tmp_path / "array.npy").read_bytes()
    pickled = pickle.dumps([1, 2])
    halves = (whole[: len(whole) // 2], inside, strange)
    for content in (*halves, b"", b"text", foreign, array, pickled, trap, listed):
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match="damaged, or no checkpoint"):
            load_checkpoint(path, parts[0])
    assert not UNPICKLED
    with pytest.raises(FileNotFoundError):
        load_checkpoint(tmp_path / "none.npz", parts[0])
    with pytest.raises(ValueError, match=r"end in \.npz"):
        save_checkpoint(tmp_path / "a.ckpt", parts[0])


def test_a_newer_form_is_refused_in_words(tmp_path, monkeypatch):
    parts = numpy_parts()
    monkeypatch.setattr(sys.modules[save_checkpoint.__module__], "FORM", 2)
    path = save(tmp_path / "a.npz", parts)
    monkeypatch.undo()
    with pytest.raises(CheckpointError, match="has form 2, this dlkit reads 1"):
        load_checkpoint(path, parts[0])


def test_a_write_that_fails_leaves_the_last_file(tmp_path, monkeypatch):
    parts = numpy_parts()
    path = save(tmp_path / "a.npz", parts)
    before = path.read_bytes()

    def full(file, **arrays):
        file.write(b"PK")
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        save(path, parts, training.History())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path], "what is half there does not stay"
