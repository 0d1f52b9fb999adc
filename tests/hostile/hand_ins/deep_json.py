# Attack: JSON nested a hundred thousand levels deep.
# expect: base=right outcome=unreadable
# --- bytes
data = b'{"nbformat": 4, "cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
