# Attack: a number of a million digits, NaN and Infinity where integers belong.
# expect: base=right outcome=unreadable
# --- bytes
data = b'{"nbformat": ' + b"9" * 1_000_000 + b', "nbformat_minor": NaN, "cells": []}'
