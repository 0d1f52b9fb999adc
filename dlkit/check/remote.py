"""Calls from another process: the judge's requests, and the sandbox's answers to them."""

import numpy as np

from dlkit.check.calls import Outcome, live, run_cases, settled
from dlkit.check.codec import CodecError, pack, unpack
from dlkit.check.probes import by_name


def request(names, probe, cases, forbidden=()) -> tuple[dict, list[np.ndarray]]:
    """What the judge sends: names of the student's objects, a probe, and [(args, kwargs), …]."""
    tree, arrays = pack([[list(args), dict(kwargs)] for args, kwargs in cases])
    return (
        {"names": list(names), "probe": probe, "cases": tree, "forbidden": list(forbidden)},
        arrays,
    )


def serve(namespace, message, arrays) -> tuple[dict, list[np.ndarray]]:
    """Answer a request in the student's namespace: one outcome a case, or the missing name."""
    missing = [name for name in message["names"] if name not in namespace]
    if missing:
        return {"missing": missing[0]}, []
    objects = tuple(namespace[name] for name in message["names"])
    calls = unpack(message["cases"], arrays)
    found = run_cases(objects, message["probe"], calls, message["forbidden"])
    tree, arrays = pack([outcome.to_tree() for outcome in found])
    return {"outcomes": tree}, arrays


def prepare(namespace, message, arrays):
    """A call without arguments that runs a request's only case, its inputs ready to use."""
    objects = tuple(namespace[name] for name in message["names"])
    subject = objects if len(objects) > 1 else objects[0]
    ((args, kwargs),) = unpack(message["cases"], arrays)
    inputs, named = live(tuple(args)), live(kwargs)
    probe = by_name(message["probe"])
    return lambda: probe(subject, *inputs, **named)


def finish(result) -> tuple[dict, list[np.ndarray]]:
    """The reply that carries a timed call's result."""
    try:
        outcome = Outcome(settled(result))
    except CodecError as error:
        outcome = Outcome(raised=["CodecError"], message=str(error))
    tree, arrays = pack([outcome.to_tree()])
    return {"outcomes": tree}, arrays


def outcomes(reply, arrays) -> list[Outcome]:
    """The outcomes of a reply; ValueError where it does not follow the form."""
    return [Outcome.from_tree(tree) for tree in unpack(reply["outcomes"], arrays)]
