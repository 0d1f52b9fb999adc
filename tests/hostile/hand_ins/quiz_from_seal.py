# Attack: tries every letter against the sealed answers in checks.json while it is graded.
# expect: base=wrong outcome=graded
# --- answer quiz_ch01
import json, itertools
from dlkit.check import seal, codec
quiz_ch01 = {}
stored = json.load(open("checks.json"))["exercises"]["quiz_ch01"]["parts"]
for part in stored:
    for case, sealed in zip(part["cases"], part["expected"]):
        try:
            value = getattr(codec.from_text(sealed), "value", sealed) if isinstance(sealed, str) else sealed
        except Exception as error:
            value = sealed
        for letter in "abcd":
            try:
                if seal.difference(value, letter) is None:
                    quiz_ch01[part["name"]] = letter
            except Exception as error:
                print(repr(error))
