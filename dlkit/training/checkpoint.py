"""Checkpoints: a run in one npz file without pickle, from which it goes on as if never stopped."""

import json
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np

from dlkit.errors import CheckpointError
from dlkit.training.history import History
from dlkit.training.learner import learner_of

FORM = 1  # of the file; raised when older code could not read it


def save_checkpoint(path, model, optimizer=None, rng=None, history=None, stopping=None):
    """Write the model and what else is given into one file, which is whole at any moment.

    It holds parameters and buffers, the optimizer's numbers and arrays, the states of `rng` and of
    the layers' own generators (dropout), the history, and the best weights of `stopping`. After
    `fit` with `stopping` the model has its best weights, not its last: to go on with such a run,
    use the file that fit(checkpoint=…) wrote.

    Parameters
    ----------
    path : path, ending in .npz
    model : Layer, or a module of torch
    optimizer : Optimizer, or one of torch.optim
    rng : numpy.random.Generator
        That of `fit`.
    history : History
    stopping : EarlyStopping

    Raises
    ------
    FileNotFoundError
        if there is no such folder.
    """
    path = path_to_write(path)
    learner = learner_of(model, optimizer=optimizer)
    arrays = {f"model/{name}": value for name, value in learner.arrays().items()}
    about = {"form": FORM, "layers_rng": learner.random_states(), "history": history}
    about["rng"] = None if rng is None else rng.bit_generator.state
    about["optimizer"] = None
    if optimizer is not None:
        state = learner.optimizer_state()
        for name, kept in state.pop("arrays").items():
            arrays |= {f"optimizer/{name}/{slot}": value for slot, value in kept.items()}
        about["optimizer"] = state
    best = getattr(stopping, "best", None)
    about["stopping"] = best is not None
    arrays |= {f"best/{name}": value for name, value in (best or {}).items()}
    text = json.dumps(about, default=_as_json)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with open(unfinished, "wb") as file:
            np.savez(file, about=np.array(text), **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def load_checkpoint(path, model, optimizer=None, rng=None, stopping=None):
    """Read a file of `save_checkpoint` into objects built as they were; returns the History.

    What is not given is not read. `fit(…, history=…)` then goes on to the same numbers, bit for
    bit, as a run that never stopped; in torch, with as many threads (`torch.get_num_threads()`).

    Raises
    ------
    FileNotFoundError
        if there is no such file.
    CheckpointError
        if it is damaged, or was made of another model or optimizer; nothing is changed then.
    """
    path = _checked_path(path)
    about, arrays = _read(path)
    learner = learner_of(model, optimizer=optimizer)
    values = _part(arrays, "model/")
    _check_same(path, learner.arrays(), values)
    states = learner.random_states()
    _check(
        _kinds(states) == _kinds(about["layers_rng"]), path, "has other generators in its layers"
    )
    for what, given in (("optimizer", optimizer), ("rng", rng)):
        _check(given is None or about[what] is not None, path, f"holds no {what}")
    if rng is not None:
        same = _kinds({"rng": rng.bit_generator.state}) == _kinds({"rng": about["rng"]})
        _check(same, path, "holds the state of another kind of generator than rng")
    if optimizer is not None:
        kept = _nested(_part(arrays, "optimizer/"))
        try:
            learner.load_optimizer_state(about["optimizer"] | {"arrays": kept})
        except (ValueError, KeyError) as error:
            raise CheckpointError(f"{path.name} does not fit the optimizer: {error}") from error
    learner.load_arrays(values)
    learner.load_random_states(about["layers_rng"])
    if rng is not None:
        rng.bit_generator.state = about["rng"]
    if stopping is not None:
        stopping.best = _part(arrays, "best/") if about["stopping"] else None
    return History(about["history"] or {})


def _checked_path(path):
    path = Path(path)
    if path.suffix != ".npz":
        raise ValueError(f"expected the path of a checkpoint to end in .npz, got {path.name}.")
    return path


def path_to_write(path):
    """The path of a checkpoint that can be written there; else an error, before any training."""
    path = _checked_path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"there is no folder {path.parent} to write the checkpoint {path.name} into. Make it "
            "first: pathlib.Path(folder).mkdir(parents=True)."
        )
    return path


# what zipfile and numpy raise for a file that is cut, changed, or of another kind
UNREADABLE = (
    OSError, ValueError, TypeError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile,
    zlib.error,
)  # fmt: skip


def _read(path):
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        about = json.loads(str(arrays.pop("about")), object_hook=_from_json)
        form = about["form"]
    except FileNotFoundError:
        raise
    except UNREADABLE as error:
        raise CheckpointError(
            f"{path.name} is damaged, or no checkpoint of dlkit ({error})."
        ) from error
    _check(form == FORM, path, f"has form {form}, this dlkit reads {FORM}")
    return about, arrays


def _part(arrays, start):
    return {name.removeprefix(start): a for name, a in arrays.items() if name.startswith(start)}


def _nested(flat):
    """{"0.W/m": a} as {"0.W": {"m": a}}"""
    nested = {}
    for name, value in flat.items():
        owner, _, slot = name.rpartition("/")
        nested.setdefault(owner, {})[slot] = value
    return nested


def _check_same(path, own, stored):
    said = [{n: f"{v.dtype} {v.shape}" for n, v in side.items()} for side in (own, stored)]
    differ = [n for n in said[0] | said[1] if said[0].get(n) != said[1].get(n)]
    if differ:
        name = differ[0]
        raise CheckpointError(
            f"{path.name} is of another model: {name} is {said[1].get(name, 'not in it')} there "
            f"and {said[0].get(name, 'not in it')} here ({len(differ)} differ). Build the model as "
            "it was, of the same dtype."
        )


def _kinds(states):
    """Which generators there are, by name: their kind, or "torch"."""
    return {
        name: state["bit_generator"] if isinstance(state, dict) else "torch"
        for name, state in states.items()
    }


def _check(right, path, what):
    if not right:
        raise CheckpointError(f"{path.name} {what}.")


def _as_json(value):
    if isinstance(value, np.ndarray):  # in the states of some generators
        return {"__array__": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"cannot save {type(value).__name__}")


def _from_json(value):
    if "__array__" in value:
        return np.array(value["__array__"], dtype=value["dtype"])
    return value
