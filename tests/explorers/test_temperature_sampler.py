"""The temperature sampler: its model counts, its probabilities are a softmax, its text is drawn."""

import sys

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers import character_counts
from dlkit.explorers.character_counts import runs_of, stored_counts
from dlkit.explorers.stills import call, drive, walk
from dlkit.explorers.temperature_sampler import TemperatureSampler, packed
from tests.explorers.steps import SHOW, after, shown

pytestmark = pytest.mark.node


def reference(context, counts, vocab):
    """p(next | context) by its definition: own counts, and twice what a shorter context says."""
    found = np.zeros(len(vocab))
    for run, count in counts.items():
        if run[:-1].endswith(context):
            found[vocab.index(run[-1])] += count
    if not context:
        return (found + 1) / (found + 1).sum()
    return (found + 2 * reference(context[1:], counts, vocab)) / (found.sum() + 2)


def test_the_stored_counts_are_those_of_python_3_11s_text():
    made = character_counts.counted()
    with np.load(character_counts.files("dlkit.explorers") / character_counts.FILE) as stored:
        assert stored["counts"].sum() == 60_000 - 4
        ours, theirs = (
            {bytes(run): n for run, n in zip(one["runs"].T, one["counts"].tolist(), strict=True)}
            for one in (stored, made)
        )
    together = sum(min(count, theirs.get(run, 0)) for run, count in ours.items())
    assert together > 0.85 * (60_000 - 4)  # other Pythons have other sentences
    if sys.version_info[:2] == (3, 11):
        assert together > 0.98 * (60_000 - 4)


def test_probabilities_mix_counts_with_those_of_shorter_contexts():
    counts = runs_of("she sells sea shells by the sea shore", 5)
    counts = {run: counts[run] for run in sorted(counts)}
    vocab = sorted(set("".join(counts)))
    for context in ("s", "ea", "zz", "the", ".x", "shel"):
        data = {**TemperatureSampler.data(), "model": packed(counts)}
        start = {**TemperatureSampler.start, "context": context}
        job = {"module": "temperature_sampler", "start": start, "data": data, "steps": []}
        state = drive([job])[0][0]["state"]
        assert state["characters"] == vocab
        np.testing.assert_allclose(state["p"], reference(context, counts, vocab), rtol=1e-12)
        assert sum(state["p"]) == pytest.approx(1)


def test_runs_are_packed_without_loss():
    counts = stored_counts()
    assert list(counts) == sorted(counts)
    given, runs, at = packed(counts), [], 0
    while at < len(given["runs"]):
        shared = int(given["runs"][at])
        rest = given["runs"][at + 1 : at + 6 - shared]
        runs.append((runs[-1][:shared] if runs else "") + rest)
        at += 6 - shared
    assert dict(zip(runs, given["counts"], strict=True)) == counts


def test_fewer_characters_looked_back_are_a_shorter_context():
    counts = stored_counts()
    for back in range(5):
        state = shown(TemperatureSampler, context="stat", back=back)["state"]
        expected = reference("stat"[4 - back :], counts, state["characters"])
        np.testing.assert_allclose(state["p"], expected, rtol=1e-12)


def test_the_model_knows_what_follows_q_stat_and_th():
    for context, character in (("q", "u"), ("stat", "e"), ("th", "e")):
        state = shown(TemperatureSampler, context=context, temperature=1.0)["state"]
        assert state["characters"][int(np.argmax(state["p"]))] == character


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 1.5, 2.0])
def test_the_bars_are_dlkits_softmax_of_the_logits_over_the_temperature(temperature):
    state = shown(TemperatureSampler, context="the␣", temperature=temperature)["state"]
    expected = nn.softmax(np.log(state["p"]) / temperature)
    np.testing.assert_allclose(state["p_at_temperature"], expected, rtol=1e-9)
    powers = np.array(state["p"]) ** (1 / temperature)
    np.testing.assert_allclose(expected, powers / powers.sum(), rtol=1e-9)
    if temperature == 1:
        np.testing.assert_allclose(expected, state["p"], rtol=1e-9)


def test_temperature_zero_is_the_first_of_the_likeliest():
    assert call("character_counts", "atTemperature", [0.2, 0.4, 0.4], 0) == [0, 1, 0]
    moves = [after(temperature=0, seed=seed) for seed in range(3)]
    seen = [one["state"] for one in walk(TemperatureSampler, SHOW, *moves)[2:]]
    assert len({state["text"] for state in seen}) == 1
    counts, written, vocab = stored_counts(), "th", seen[0]["characters"]
    for character in seen[0]["text"][:12]:
        assert character == vocab[int(reference(written[-4:], counts, vocab).argmax())]
        written += character


def test_the_text_is_drawn_with_the_probabilities_of_what_is_written():
    counts, written = stored_counts(), "th"
    state = shown(TemperatureSampler, temperature=0.7, seed=3)["state"]
    draws = TemperatureSampler.data()["draws"][3]
    for drawn, character in zip(draws[:12], state["text"][:12], strict=True):
        p = reference(written[-4:], counts, state["characters"])
        ends = np.cumsum(nn.softmax(np.log(p) / 0.7))
        assert character == state["characters"][int(np.searchsorted(ends, drawn, side="right"))]
        written += character


def test_what_is_drawn_has_the_probabilities():
    p, numbers = [0.5, 0.3, 0.2, 0.0], np.random.default_rng(0).random(2000)
    job = {"module": "character_counts"}
    drawn = drive([{**job, "call": ["draw", p, number]} for number in numbers.tolist()])
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 2000, p, atol=0.03)
    assert drawn == np.searchsorted(np.cumsum(p), numbers, side="right").tolist()
    assert call("character_counts", "draw", [0, 1, 0], 0.0) == 1


def test_the_text_follows_the_seed_and_the_temperature():
    steps = [after(seed=seed) for seed in (1, 2, 1)]
    steps += [after(temperature=0.3), after(temperature=2)]
    seen = walk(TemperatureSampler, SHOW, *steps)[2:]
    first, other, again, cold, hot = (one["state"]["text"] for one in seen)
    assert len(first) == 120
    assert first == again != other
    assert len(set(cold)) < len(set(hot))


def test_perplexity_counts_equally_likely_characters():
    assert call("character_counts", "perplexity", [1 / 7] * 7) == pytest.approx(7)
    assert call("character_counts", "perplexity", [0, 1]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("temperature", "regime"),
    [
        (0.0, "always the likeliest"),
        (0.4, "sharper"),
        (1.0, "as the model has it"),
        (1.7, "flatter"),
    ],
)
def test_the_sentence_names_the_regime_with_its_numbers(temperature, regime):
    seen = shown(TemperatureSampler, context="q", temperature=temperature)
    state = seen["state"]
    best, share = max(state["p"]), max(state["p_at_temperature"])
    said = f"At temperature {temperature:g}: {regime}. “u” has {share:.2f}"
    if temperature != 1:
        said += f" instead of {best:.2f}"
    said += f"; it is as if {state['perplexity']:.1f} character"
    assert seen["sentence"].startswith(said)
    assert state["regime"] == regime
    assert (share > best, share < best) == (temperature < 1, temperature > 1)


def test_nothing_is_given_away_before_the_guess():
    seen = walk(TemperatureSampler, after(context="q", temperature=2))[-1]
    assert seen["sentence"].startswith("Predict first")
    assert "dlk-plus" not in str(seen["pictures"])
    assert seen["table"] == ""
    assert not {"p_at_temperature", "perplexity", "text"} & set(seen["state"])


def test_the_guess_is_right_to_the_nearest_tenth():
    share = round(max(shown(TemperatureSampler)["state"]["p_at_temperature"]), 1)
    steps = after(guess=share), SHOW, after(seed=5), after(temperature=0.6)
    _start, _guessed, told, again, moved = walk(TemperatureSampler, *steps)
    assert told["sentence"].startswith(f"You predicted {share:g}: right. ")
    assert "your guess" in str(told["pictures"])
    assert "right. " in again["sentence"]
    assert "predicted" not in moved["sentence"]
    assert "your guess" not in str(moved["pictures"])
    flat = after(context="the␣", temperature=2, back=0, guess=0.1)
    assert ": right. " in walk(TemperatureSampler, flat, SHOW)[-1]["sentence"]


def test_drawn_text_cannot_become_part_of_the_page():
    data = {**TemperatureSampler.data(), "model": packed({"\n<&>b": 1, "<&>b\n": 1})}
    job = {"module": "temperature_sampler", "start": TemperatureSampler.start, "data": data}
    seen = drive([{**job, "steps": [SHOW, after(temperature=2)]}])[0][-1]
    told = seen["table"].split("<td>")[2]
    assert {"&lt;", "&gt;", "&amp;", "¶"} <= {told[i : i + n] for i in range(len(told))
                                             for n in (1, 4, 5)}  # fmt: skip
    assert "<b" not in told
    assert "\n" not in told


def test_reset_is_the_start():
    other = after(context="x", temperature=1.2, back=1, seed=4)
    start, *_rest, back = walk(TemperatureSampler, SHOW, other, ("press", "reset"))
    assert back == start
    assert back["state"]["hidden"]


def test_every_setting_is_drawn():
    moves = [
        after(context=context, back=back, temperature=temperature)
        for context in ("th", "wh", "stat", "x", "q", ".␣", "the␣")
        for back in range(5)
        for temperature in (0, 0.1, 2)
    ]
    for seen in walk(TemperatureSampler, SHOW, *moves):
        drawn = str(seen["pictures"])
        assert not any(odd in drawn for odd in ("NaN", "nan", 'width="-'))
