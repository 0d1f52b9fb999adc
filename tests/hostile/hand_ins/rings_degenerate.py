# Attack: points with infinities, wrong lengths and a million rows for the open question.
# expect: base=right outcome=graded|crashed lost=rings_counterexample,gates
# --- answer rings_counterexample
def rings_counterexample():
    return np.full((1_000_000, 2), np.inf), np.tile([0, 1], 500_000)
# --- answer gates
def gates():
    return {"AND": ([np.inf, np.inf], -np.inf), "NAND": ([np.nan] * 2, np.nan), "OR": ([1e308] * 2, -1e308)}
