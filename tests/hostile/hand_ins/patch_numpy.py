# Attack: NumPy's comparisons, sums and constructors all say True.
# expect: base=wrong outcome=graded
# --- cell
for name in ("allclose", "isclose", "array_equal", "all", "any", "equal", "asarray", "array"):
    setattr(np, name, lambda *a, **k: True)
np.testing.assert_allclose = np.testing.assert_equal = lambda *a, **k: None
