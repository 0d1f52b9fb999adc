# Oddity: turns warnings into errors for itself, and prints arrays in full.
# expect: base=right outcome=graded
# --- cell
import warnings
warnings.simplefilter("error")
np.seterr(all="raise")
np.set_printoptions(precision=2, threshold=10**6)
