"""The temperature sampler: its model counts, its probabilities are a softmax, its text is drawn."""

import sys

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers import character_counts, temperature_sampler
from dlkit.explorers.character_counts import (
    CharacterCounts,
    at_temperature,
    draw,
    english_counts,
    runs_of,
)
from dlkit.explorers.temperature_sampler import perplexity


def shown(**values):
    """The sampler after a guess and a move."""
    explorer = temperature_sampler()
    explorer.press("show")
    explorer.move(**values)
    return explorer


def followers(text, context, vocab, first):
    """How often each of vocab follows context, found at every place of the text from first on."""
    after = [text[i] for i in range(first, len(text)) if text[:i].endswith(context)]
    return np.array([after.count(character) for character in vocab])


def test_probabilities_mix_counts_with_those_of_shorter_contexts():
    text = "she sells sea shells by the sea shore"
    model = CharacterCounts(runs_of(text, 4))
    assert model.vocab == sorted(set(text))
    for before in ("she", "sea", "zzz", "e", "", "by the s"):
        counts = followers(text, "", model.vocab, 3)
        p = (counts + 1) / (counts + 1).sum()
        for length in range(1, min(3, len(before)) + 1):
            counts = followers(text, before[len(before) - length :], model.vocab, 3)
            p = (counts + 2 * p) / (counts.sum() + 2)
        np.testing.assert_allclose(model.probabilities(before), p, rtol=1e-12)
        assert p.sum() == pytest.approx(1)
        assert p.min() > 0


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


def test_fewer_characters_looked_back_are_a_shorter_context():
    model = english_counts()
    for back in range(5):
        shorter = "retur"[5 - back :]
        np.testing.assert_array_equal(
            model.probabilities("retur", back), model.probabilities(shorter)
        )


def test_the_model_knows_what_follows_q_stat_and_th():
    for context, character in (("q", "u"), ("stat", "e"), ("th", "e")):
        state = shown(context=context, temperature=1.0).state
        assert state["characters"][int(np.argmax(state["p"]))] == character
        expected = english_counts().probabilities(context)
        np.testing.assert_allclose(state["p"], expected, rtol=1e-12)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 1.5, 2.0])
def test_the_bars_are_dlkits_softmax_of_the_logits_over_the_temperature(temperature):
    state = shown(context="the␣", temperature=temperature).state
    expected = nn.softmax(np.log(state["p"]) / temperature)
    np.testing.assert_allclose(state["p_at_temperature"], expected, rtol=1e-9)
    powers = np.array(state["p"]) ** (1 / temperature)
    np.testing.assert_allclose(expected, powers / powers.sum(), rtol=1e-9)
    if temperature == 1:
        np.testing.assert_allclose(expected, state["p"], rtol=1e-9)


def test_temperature_zero_is_the_first_of_the_likeliest():
    assert at_temperature(np.array([1.0, 3.0, 3.0]), 0).tolist() == [0, 1, 0]
    texts = {shown(temperature=0.0, seed=seed).state["text"] for seed in range(3)}
    assert len(texts) == 1
    model, written = english_counts(), "th"
    for character in texts.pop():
        assert character == model.vocab[int(model.probabilities(written).argmax())]
        written += character


def test_what_is_drawn_has_the_probabilities():
    p, rng = np.array([0.5, 0.3, 0.2, 0.0]), np.random.default_rng(0)
    drawn = np.bincount([draw(p, rng) for _ in range(20_000)], minlength=4) / 20_000
    np.testing.assert_allclose(drawn, p, atol=0.02)
    assert drawn[3] == 0
    assert draw(np.array([0.0, 1.0, 0.0]), rng) == 1


def test_the_text_follows_the_seed_and_the_temperature():
    first, again, other = (shown(seed=seed).state["text"] for seed in (1, 1, 2))
    assert len(first) == 120
    assert first == again != other
    cold, hot = shown(temperature=0.3), shown(temperature=2.0)
    spread = [len(set(explorer.state["text"])) for explorer in (cold, hot)]
    assert spread[0] < spread[1]


def test_perplexity_counts_equally_likely_characters():
    assert perplexity(np.ones(7) / 7) == pytest.approx(7)
    assert perplexity(np.array([0.0, 1.0])) == pytest.approx(1)


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
    explorer = shown(context="q", temperature=temperature)
    state = explorer.state
    best, share = max(state["p"]), max(state["p_at_temperature"])
    said = f"At temperature {temperature:g}: {regime}. “u” has {share:.2f}"
    if temperature != 1:
        said += f" instead of {best:.2f}"
    assert explorer.sentence.startswith(f"{said}; it is as if {state['perplexity']:.1f} character")
    assert state["regime"] == regime
    assert (share > best, share < best) == (temperature < 1, temperature > 1)


def test_nothing_is_given_away_before_the_guess():
    explorer = temperature_sampler()
    explorer.move(context="q", temperature=2.0)
    assert explorer.sentence.startswith("Predict first")
    assert "dlk-plus" not in explorer.widget.scene
    assert "<table" not in explorer.widget.scene
    assert not {"p_at_temperature", "perplexity", "text"} & set(explorer.state)


def test_the_guess_is_right_to_the_nearest_tenth():
    explorer = temperature_sampler()
    share = max(shown().state["p_at_temperature"])
    explorer.move(guess=round(share, 1))
    explorer.press("show")
    assert explorer.sentence.startswith(f"You predicted {round(share, 1):g}: right. ")
    assert "your guess" in explorer.widget.scene
    explorer.move(seed=5)
    assert "right. " in explorer.sentence
    explorer.move(temperature=0.6)
    assert "predicted" not in explorer.sentence
    assert "your guess" not in explorer.widget.scene
    assert shown(context="the␣", temperature=2.0, back=0).truth() == 0.1


def test_drawn_text_cannot_become_part_of_the_page(monkeypatch):
    explorer = shown()
    monkeypatch.setattr(explorer, "_sampled", lambda: "<b>&\nend")
    assert "<td>&lt;b&gt;&amp;¶end</td>" in explorer.scene().table


def test_reset_is_the_start():
    explorer = shown(context="x", temperature=1.2, back=1, seed=4)
    explorer.press("reset")
    assert explorer.values == explorer.start
    assert explorer.widget.scene == temperature_sampler().widget.scene
    assert explorer.state["hidden"]


def test_every_setting_is_drawn():
    explorer = shown()
    for context in ("th", "wh", "stat", "x", "q", ".␣", "the␣"):
        for back in range(5):
            for temperature in (0.0, 0.1, 2.0):
                explorer.move(context=context, back=back, temperature=temperature)
                assert not any(odd in explorer.widget.scene for odd in ("nan", 'width="-'))
