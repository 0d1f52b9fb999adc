"""pyproject.toml, constraints.txt, environment.yml and the Makefile agree with each other."""

import importlib.metadata
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from autograder.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DIRECT = PROJECT["dependencies"] + sum(PROJECT["optional-dependencies"].values(), [])
PIN = re.compile(r"([A-Za-z0-9._-]+)==([0-9][0-9a-z.]*)")
# what torch brings on Linux with CUDA, at versions that its own wheel fixes
OF_TORCH = ("cuda", "nvidia", "triton")


def pins(text):
    """{name: version} of a constraints file; anything but `name==version` is refused."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    wrong = [line for line in lines if not PIN.fullmatch(line)]
    if wrong:
        raise ValueError(f"expected name==version without a local suffix or address: {wrong}")
    return {canonicalize_name(n): Version(v) for n, v in (line.split("==") for line in lines)}


def out_of_range(requirements, pinned):
    """The requirements that the pinned versions do not meet."""
    return [
        str(r)
        for r in map(Requirement, requirements)
        if (v := pinned.get(canonicalize_name(r.name))) is None or v not in r.specifier
    ]


def closure(requirements):
    """The names of all packages that `requirements` bring with them on this machine."""
    found, waiting = set(), [(Requirement(r), "") for r in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in found:
                found.add((name, wanted))
                needs = importlib.metadata.requires(requirement.name) or []
                waiting += [(Requirement(r), wanted) for r in needs]
    return {name for name, _ in found if not name.startswith(OF_TORCH)}


@pytest.fixture(scope="module")
def pinned():
    return pins((ROOT / "constraints.txt").read_text())


def test_every_direct_dependency_is_pinned_inside_its_range(pinned):
    assert out_of_range(DIRECT, pinned) == []


def test_a_pin_outside_its_range_or_missing_is_found():
    assert out_of_range(["numpy>=2.0"], {"numpy": Version("1.26")}) == ["numpy>=2.0"]
    assert out_of_range(["numpy>=2.0"], {}) == ["numpy>=2.0"]


def test_everything_that_the_environment_installs_is_pinned(pinned):
    assert sorted(closure(DIRECT) - set(pinned)) == []


@pytest.mark.parametrize(
    "line", ["torch==2.13.0+cpu", "torch>=2", "torch @ file:///x.whl", "--index-url https://x.y"]
)
def test_constraints_hold_plain_versions_only(line):
    with pytest.raises(ValueError, match="expected name==version"):
        pins(line)


def test_torch_is_the_tested_one(pinned):
    assert pinned["torch"] == Version("2.13.0")


def test_conda_installs_the_same_through_pip():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    python = next(d for d in conda if isinstance(d, str) and d.startswith("python="))
    assert python.removeprefix("python=") + ".0" in SpecifierSet(PROJECT["requires-python"])
    through_pip = next(d["pip"] for d in conda if isinstance(d, dict))
    extras = re.search(r"^EXTRAS = (.+)$", (ROOT / "authors.mk").read_text(), re.M)[1]
    assert through_pip == ["-c constraints.txt", f"-e .{extras}"]
    assert set(extras.strip("[]").split(",")) == set(PROJECT["optional-dependencies"])


def test_make_looks_for_the_pythons_that_the_project_allows():
    makefile = (ROOT / "Makefile").read_text()
    allowed = SpecifierSet(PROJECT["requires-python"])
    named = {f"3.{minor}" for minor in re.findall(r"python3\.(\d+)", makefile)}
    assert named == {f"3.{minor}" for minor in range(30) if f"3.{minor}.0" in allowed}
