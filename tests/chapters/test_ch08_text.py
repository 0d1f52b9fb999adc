"""Chapter 8: the numbers that its text states beside its cells are recomputed here."""

import math

import numpy as np
import pytest

from autograder import source
from autograder.chapters import load, source_path
from dlkit import nn
from dlkit.check import recurrent_claims
from dlkit.check.sampling import softmax
from dlkit.explorers import gate_explorer, gradient_through_time, temperature_sampler
from dlkit.explorers.gate_explorer import GateExplorer
from dlkit.explorers.gradient_through_time import GradientThroughTime
from dlkit.explorers.stills import walk
from dlkit.explorers.temperature_sampler import TemperatureSampler

ID = "ch08_rnn"


@pytest.fixture(scope="module")
def cells():
    """The code cells' texts."""
    found = source.read_chapter(source_path(ID)).cells
    return [cell.source for cell in found if cell.cell_type == "code"]


def defined(cells, start, **names):
    """What the definitions of the one cell that begins so define."""
    (text,) = (text for text in cells if text.startswith(start))
    exec(text.split("\n\n\n")[0], names)
    return names


# -- counting --------------------------------------------------------------------------------------


def test_the_example_text_is_counted_by_hand(right):
    p = right["bigram_probabilities"](list("abacabad"), list("abcd"))
    assert p.tolist() == [[0, 0.5, 0.25, 0.25], [1, 0, 0, 0], [1, 0, 0, 0], [0.25] * 4]


def test_a_die_and_a_coin_have_their_perplexities(right):
    assert right["perplexity"](np.log(np.full(100, 1 / 6))) == pytest.approx(6)
    for tokens in (4, 400):
        assert right["perplexity"](np.log(np.full(tokens, 0.5))) == pytest.approx(2)


def test_perplexities_of_the_longer_trainings():
    """Bits a character from tests/dlkit/test_character_model.py, with Python 3.11's text."""
    assert round(2**1.797, 2) == 3.47
    assert [round(2**bits, 2) for bits in (1.751, 1.783)] == [3.37, 3.44]


# -- the recurrent layer ---------------------------------------------------------------------------


def test_one_unit_remembers_a_1_for_ever(right):
    x = np.zeros((1000, 1, 1))
    assert not right["rnn_forward"](x, [[0.0]], [[5.0]], [[5.0]], [0.0]).any()
    x[2] = 1
    assert right["rnn_forward"](x, [[0.0]], [[5.0]], [[5.0]], [0.0])[2:].min() > 0.999


def test_a_hundred_steps_have_five_thousand_paths():
    assert sum(range(1, 101)) == 5050


def test_from_h1_of_five_steps_five_paths_lead_to_the_loss():
    """Each step on the way has one edge to the next state and one to its own loss."""

    def count(step):
        return 1 + (count(step + 1) if step < 5 else 0)

    assert count(1) == 5


def test_powers_that_are_worked_out_by_hand():
    assert [round(0.9**7, 1), round(1.1**7, 1)] == [0.5, 1.9]
    assert [round(0.9**22, 2), round(0.9**44, 2)] == [0.10, 0.01]
    assert [round(0.99**40, 2), round(0.5**10, 3)] == [0.67, 0.001]


def test_the_cliff_is_3280_steep(cells):
    cliff = defined(cells, "def cliff", np=np)["cliff"]
    assert cliff(0.0, -1) == (0.5, (3**8 - 1) / 2)
    assert cliff(-328.0, 1)[1] == 0
    assert cliff(-0.1, 1)[1] < -0.01


def test_what_clipping_makes_of_3_and_4(right):
    clipped, norm = right["clip_by_norm"]([np.array([3.0, 0.0]), np.array([4.0])], 1)
    assert norm == 5
    assert np.allclose(np.concatenate(clipped), [0.6, 0, 0.8])


# -- gates -----------------------------------------------------------------------------------------


def test_a_gru_of_zeros_halves_its_state(right):
    zeros = np.zeros((1, 1)), np.array([[0.8]]), np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(3)
    assert right["gru_step"](*zeros).item() == pytest.approx(0.4)


def test_how_open_a_gate_is_at_first():
    assert [round(1 / (1 + math.exp(-bias)), 2) for bias in (0, 1, 3)] == [0.50, 0.73, 0.95]
    b = nn.LSTM(4, 20, rng=np.random.default_rng(0)).params["b"]
    assert b[20:40].tolist() == [1] * 20
    assert not np.delete(b, range(20, 40)).any()


def test_how_far_back_untrained_layers_reach(script):
    norms = {
        name: script.gradient_norms(kind, bias)
        for name, (kind, bias) in {
            "RNN": (nn.RNN, None),
            "GRU 0": (nn.GRU, 0),
            "LSTM 0": (nn.LSTM, 0),
            "LSTM 1": (nn.LSTM, 1),
            "GRU 2": (nn.GRU, 2),
            "LSTM 3": (nn.LSTM, 3),
        }.items()
    }
    reach = {name: along[40] for name, along in norms.items()}
    assert all(1e-9 < reach[name] < 2e-8 for name in ("RNN", "GRU 0", "LSTM 0"))
    assert reach["LSTM 1"] == pytest.approx(1e-3, rel=0.5)
    assert reach["GRU 2"] == pytest.approx(1e-2, rel=1)
    open_gate = norms["LSTM 3"]
    assert open_gate[0] == 1
    assert all(0.25 <= norm < 0.31 for norm in open_gate[1:16])
    assert all(np.diff(open_gate[10:]) > 0)
    assert round(reach["LSTM 3"], 1) == 1.7


def test_the_unit_of_the_solution_multiplies_by_its_factor(cells):
    """Near 0 a step multiplies the cell by f + i·o·w."""
    unit_gradient = defined(cells, "def unit_gradient", np=np, nn=nn)["unit_gradient"]
    f = i = o = 1 / (1 + math.exp(-1))
    expected = o * (i * 6) * (f + i * o * 6) ** 19  # the first state enters through the candidate
    assert unit_gradient([0, 0, 6, 0], [1, 1, 0, 1]) == pytest.approx(expected)


def test_what_two_gradients_may_be():
    turns = recurrent_claims.clipping_each_alone_keeps_the_direction
    assert turns(([100_000.0] * 100, [1.0])) is None  # the norm is 10⁶
    for other in ([1.0] * 101, [0.0, 0.0], [1e6, 1e5]):
        assert turns(([10.0], other)).code == "form"
        assert turns((other, [10.0])).code == "form"


# -- temperature -----------------------------------------------------------------------------------


def test_what_becomes_of_two_shares_at_temperature_a_half():
    assert np.round(softmax(np.log([0.8, 0.2]) / 0.5), 2).tolist() == [0.94, 0.06]
    assert np.round([0.8**2, 0.2**2, 0.8**2 + 0.2**2], 2).tolist() == [0.64, 0.04, 0.68]


def test_the_bars_of_the_figure():
    logits = np.array([2.0, 1, 0, -1, -2])
    bars = {t: np.round(softmax(logits / t), 2).tolist() for t in (0.5, 1, 2)}
    assert bars[0.5][0] == 0.86
    assert bars[0.5][-1] == 0
    assert (bars[1][0], bars[1][-1]) == (0.64, 0.01)
    assert (bars[2][0], bars[2][-1]) == (0.43, 0.06)


# -- the project -----------------------------------------------------------------------------------


def test_a_good_answer_of_the_project_reaches_90_per_cent(right):
    part = load(ID).exercises["train_memory"].parts["train_memory"]
    for seed in range(3):
        (case,) = part.make_inputs(np.random.default_rng(seed))
        X, t, unseen, drawn = case.args
        predict = right["train_memory"](X, t, np.random.default_rng(drawn))
        assert np.mean(predict(unseen) == case.truth[1]) > 0.9


# -- what the explorers' pictures show -------------------------------------------------------------


def test_the_gates_at_the_start():
    steps = gate_explorer().state["gates"]
    gates = {name: [round(step[name]) for step in steps] for name in "ifo"}
    assert gates["i"] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert gates["f"] == [1, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    assert gates["o"] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.node
def test_an_untrained_forget_gate_of_the_explorer_is_about_three_quarters():
    untrained = ("move", {"cell": "LSTM", "weights": "untrained"})
    steps = walk(GateExplorer, untrained)[-1]["state"]["gates"]
    forget = [step["f"] for step in steps]
    assert 0.68 < min(forget) < max(forget) < 0.84
    assert np.mean(forget) == pytest.approx(0.75, abs=0.02)
    assert GateExplorer.data()["weights"]["untrained"]["LSTM"]["b"] == [0, 1, 0, 0]


@pytest.mark.node
def test_the_gradient_at_the_start_vanishes():
    state = gradient_through_time().state
    assert (state["activation"], state["matrix"], state["radius"]) == ("tanh", "random", 0.9)
    state = walk(GradientThroughTime, ("press", "show"))[-1]["state"]
    assert state["forward"][0] == pytest.approx(1)
    assert state["forward"][-1] < 1e-3
    assert 1e-4 < state["backward"][0] < 1e-3
    assert state["regime"] == "vanishes"


@pytest.mark.node
def test_what_follows_th():
    assert temperature_sampler().state["context"] == "th"
    state = walk(TemperatureSampler, ("press", "show"))[-1]["state"]
    shares = {
        name: dict(zip(state["characters"], state[name], strict=True))
        for name in ("p", "p_at_temperature")
    }
    best = sorted(shares["p"], key=lambda c: -shares["p"][c])[:5]
    assert best == ["e", "a", "o", " ", "i"]
    assert round(shares["p"]["e"], 2) == 0.69
    assert round(shares["p_at_temperature"]["e"], 2) == 0.96
    assert all(shares["p"][c] < 0.1 for c in best[1:])
