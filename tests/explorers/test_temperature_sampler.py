"""The temperature sampler: its model counts, its probabilities are a softmax, its text is drawn."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.datasets import english
from dlkit.explorers import temperature_sampler
from dlkit.explorers.character_counts import CharacterCounts, at_temperature, draw, english_counts
from dlkit.explorers.temperature_sampler import perplexity

TEXT = english()[0][:100_000]


def shown(**values):
    """The sampler after a guess and a move."""
    explorer = temperature_sampler()
    explorer.press("show")
    explorer.move(**values)
    return explorer


def counted(text, context, vocab):
    """How often each of vocab follows context in text, found by looking at every place."""
    places = [i + len(context) for i in range(len(text)) if text.startswith(context, i)]
    after = [text[i] for i in places if i < len(text)]
    return np.array([after.count(character) for character in vocab])


def test_probabilities_mix_counts_with_those_of_shorter_contexts():
    text = "she sells sea shells by the sea shore"
    model = CharacterCounts(text, 3)
    assert model.vocab == sorted(set(text))
    for before in ("she", "sea", "zzz", "e", "", "by the s"):
        V = len(model.vocab)
        p = (counted(text, "", model.vocab) + 1) / (len(text) + V)
        for length in range(1, min(3, len(before)) + 1):
            counts = counted(text, before[len(before) - length :], model.vocab)
            p = (counts + 2 * p) / (counts.sum() + 2)
        np.testing.assert_allclose(model.probabilities(before), p, rtol=1e-12)
        assert p.sum() == pytest.approx(1)
        assert p.min() > 0


def test_fewer_characters_looked_back_are_a_shorter_context():
    model = english_counts(4)
    for back in range(5):
        shorter = "retur"[5 - back :]
        np.testing.assert_array_equal(
            model.probabilities("retur", back), model.probabilities(shorter)
        )


def test_the_model_counts_the_english_text():
    state = shown(context="q", back=1, temperature=1.0).state
    counts = counted(TEXT, "q", state["characters"])
    below = (counted(TEXT, "", state["characters"]) + 1) / (len(TEXT) + len(counts))
    np.testing.assert_allclose(state["p"], (counts + 2 * below) / (counts.sum() + 2), rtol=1e-9)
    assert state["characters"][int(np.argmax(state["p"]))] == "u"


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
    model, written = english_counts(4), "th"
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
    assert explorer.sentence.startswith(f"You predicted {round(share, 1)}: right. ")
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
