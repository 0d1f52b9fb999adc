"""Chapter 7: the numbers that its text states beside its cells are recomputed here."""

import numpy as np
import pytest

from dlkit import datasets, nn, torch_nn
from dlkit.check import convolution_claims
from dlkit.explorers import convolution_stepper, feature_maps, kernel_lab, size_calculator

ID = "ch07_cnn"


# -- what connections cost -------------------------------------------------------------------------


def test_a_layer_on_a_photograph_has_3_6_billion_weights():
    weights = 12_000_000 * 3 * 100
    assert weights == 3_600_000_000
    assert 4 * weights / 1e9 == 14.4


def test_windows_are_10_000_times_cheaper_and_one_window_has_100_weights():
    pixels = units = 1000 * 1000
    assert pixels * units == 10**12
    assert 10 * 10 * units == 10**8


# -- kernels and places ----------------------------------------------------------------------------


def test_the_window_worked_out_by_hand_gives_11(right):
    picture = np.array([[0, 0, 4, 4], [0, 0, 4, 4], [1, 0, 4, 4], [0, 0, 4, 4]])
    kernel = np.array([[-1, 0, 1]] * 3)
    found = right["conv2d"](picture[None, None], kernel[None, None], [0])
    assert found[0, 0].tolist() == [[11, 12], [11, 12]]


def test_edge_sharpen_and_blur_sum_to_0_1_and_16():
    assert 8 - 8 == 0
    assert 5 - 4 == 1
    assert np.outer([1, 2, 1], [1, 2, 1]).sum() == 16


def test_sizes_of_section_7_4(right):
    size = right["conv_output_size"]
    assert (size(4, 3), size(4, 3, 1), size(6, 3, 0, 2)) == (2, 4, 2)
    assert (6 - 3) / 2 + 1 == 2.5  # the notes' formula
    assert [size(n, 11, p, 4) for n, p in ((224, 0), (224, 2), (227, 0))] == [54, 55, 55]
    with pytest.raises(ValueError, match="fit"):
        size(4, 7, 1)


def test_a_corner_stands_in_4_windows_and_the_middle_in_9(right):
    counts = right["pixel_uses"](6, 3, 1)
    assert (counts[0, 0], counts[2, 3]) == (4, 9)
    assert right["pixel_uses"](6, 3, 0)[0, 0] == 1
    assert (right["pixel_uses"](6, 3, 2) == 9).all()


def test_the_four_sentences_are_refuted_by_the_figures_picture():
    picture = np.zeros((4, 4))
    picture[::2, ::2] = [[4, 3], [2, 1]]
    assert convolution_claims.pooling_makes_rotation_harmless(picture) is None
    assert convolution_claims.the_size_needs_no_floor((6, 3, 0, 2)) is None


# -- one matrix, and back --------------------------------------------------------------------------


def test_where_the_weights_stand_in_the_matrix(right):
    M = right["convolution_matrix"]([[1, 2], [3, 4]], 4, 4)
    assert M.shape == (9, 16)
    assert np.flatnonzero(M[0]).tolist() == [0, 1, 4, 5]
    assert np.flatnonzero(M[3]).tolist() == [4, 5, 8, 9]
    assert right["convolution_matrix"](np.ones((2, 3)), 4, 5).shape == (9, 20)


def test_86_per_cent_of_a_digits_matrix_are_zeros(right):
    M = right["convolution_matrix"](np.ones((3, 3)), 8, 8)
    assert round(100 * np.mean(M == 0)) == 86


def test_the_line_worked_out_by_hand(right):
    x, w, dout = np.array([[[[1, 2, 3, 4]]]]), np.array([[[[2, 5]]]]), np.ones((1, 1, 1, 3))
    dx, dw, db = right["conv2d_backward"](dout, x, w)
    assert dx.ravel().tolist() == [2, 7, 7, 5]
    assert dw.ravel().tolist() == [6, 9]
    assert db == 3


def test_pooling_worked_out_by_hand(right):
    x = [[[[1, 2, 5, 6], [3, 4, 7, 9]]]]
    assert right["max_pool2d"](x, 2).ravel().tolist() == [4, 9]
    assert right["avg_pool2d"](x, 2).ravel().tolist() == [2.5, 6.75]
    back = right["max_pool2d_backward"](np.array([[[[10.0]]]]), [[[[3, 3], [1, 3]]]], 2)
    assert back.ravel().tolist() == [10, 0, 0, 0]


# -- networks --------------------------------------------------------------------------------------


def test_receptive_fields_grow_by_2_and_three_threes_see_as_much_as_a_seven(right):
    field = right["receptive_field"]
    assert [field([(3, 1)] * n) for n in (1, 2, 3)] == [3, 5, 7] == [3, 5, field([(7, 1)])]
    assert field([(3, 1), (2, 2), (4, 1)]) == 10  # the project's second layer


def test_lenet_5_has_61_706_parameters_three_quarters_of_them_in_c5(right):
    assert sum(p.numel() for p in torch_nn.LeNet5().parameters()) == 61_706
    assert (400 + 1) * 120 / 61_706 > 0.75
    assert right["lenet5_shapes"]()[3] == (16, 5, 5)


def test_the_last_layer_of_a_frozen_network_has_325_weights():
    model = nn.Linear(64, 5, rng=np.random.default_rng(0))
    assert sum(p.size for p in model.params.values()) == 325


def test_the_quiz_counts_right(right):
    count = right["conv_parameters"]
    assert count(32, 64, 3) == 18_496
    assert count(32, 64, 3, bias=False) == 18_432
    assert count(1, 64, 3) == 640
    assert count(32, 64, 3, bias=False) * 100 * 100 + 64 == 184_320_064


def test_the_measured_card_is_twice_and_thirty_five_times_as_fast():
    assert 2 < 5.2 / 2.4 < 2.3
    assert round(126 / 3.6) == 35


def test_the_digits_are_1437_and_360():
    (X, _t), (X_test, _t_test) = datasets.digits()
    assert (len(X), len(X_test)) == (1437, 360)


def test_a_sentence_of_the_summary_about_1_by_1(right):
    x, w = np.arange(12.0).reshape(1, 3, 2, 2), np.ones((2, 3, 1, 1))
    assert right["conv2d"](x, w, [0, 0])[0, 0].tolist() == x[0].sum(axis=0).tolist()


# -- explorers -------------------------------------------------------------------------------------


def test_what_the_text_says_of_the_explorers_beginnings():
    assert convolution_stepper().state["kernel"] == "vertical edge"
    assert kernel_lab().state["photo"] == "pagoda"
    assert size_calculator().state["stack"] == "LeNet-5"
    assert feature_maps().state["digit"] == "4"
