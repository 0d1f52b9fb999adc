"""Downloads: whole and checked, resumed, and explained where they fail; all on loopback."""

import gzip
import hashlib
import struct

import numpy as np
import pytest

from dlkit import datasets
from dlkit.datasets import download
from dlkit.datasets.download import Published, cache_folder, fetch
from dlkit.datasets.idx import read_idx
from dlkit.datasets.mnist_family import FILES
from dlkit.errors import DataError, DlkitError, DownloadError
from tests.dlkit.web_server import web

CONTENT = np.random.default_rng(0).bytes(300_000)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(download, "PAUSE_S", 0)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server():
    with web() as running:
        running.files["/a.gz"] = CONTENT
        yield running


def published(*addresses, content=CONTENT, name="a.gz"):
    return Published(name, len(content), hashlib.sha256(content).hexdigest(), addresses)


def test_a_file_is_fetched_once(server, tmp_path):
    for _ in range(2):
        (path,) = fetch([published(server.address)], tmp_path / "new" / "folder")
        assert path.read_bytes() == CONTENT
    assert server.asked == ["bytes=0-"]
    assert [p.name for p in path.parent.iterdir()] == ["a.gz"]


def test_a_cut_connection_is_resumed_at_once(server, tmp_path):
    server.cuts = [100_000, 50_000]
    (path,) = fetch([published(server.address)], tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.asked == ["bytes=0-", "bytes=100000-", "bytes=150000-"]


def test_what_an_earlier_call_left_is_resumed(server, tmp_path):
    server.cuts = [100_000, 0, 0, 0]
    with pytest.raises(DownloadError, match="it broke off after 100000 of 300000 bytes"):
        fetch([published(server.address)], tmp_path)
    assert (tmp_path / "a.gz.part").read_bytes() == CONTENT[:100_000]
    fetch([published(server.address)], tmp_path)
    assert server.asked[-1] == "bytes=100000-"
    assert (tmp_path / "a.gz").read_bytes() == CONTENT


def test_a_server_without_ranges_sends_all_again(server, tmp_path):
    server.ranges, server.cuts = False, [100_000]
    (path,) = fetch([published(server.address)], tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.asked == ["bytes=0-", "bytes=100000-"]


def test_a_range_other_than_asked_for_is_not_appended(server, tmp_path):
    server.wrong_range = True
    (tmp_path / "a.gz.part").write_bytes(CONTENT[:1000])
    with pytest.raises(DownloadError, match="another part of the file"):
        fetch([published(server.address)], tmp_path)
    assert (tmp_path / "a.gz.part").read_bytes() == CONTENT[:1000]


def test_the_next_address_goes_on_where_the_first_broke_off(server, tmp_path):
    with web() as second:
        second.files["/a.gz"] = CONTENT
        server.cuts = [100_000, 0, 0, 0]
        fetch([published(server.address, second.address)], tmp_path)
        assert second.asked == ["bytes=100000-"]
    assert (tmp_path / "a.gz").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "wrong", [b"x" * 300_000, b"x" * 300_001, b"<html>log in</html>", 404, 403]
)
def test_a_wrong_file_is_never_taken_and_the_next_address_is_asked(wrong, server, tmp_path):
    with web() as second:
        second.files["/a.gz"] = wrong
        with pytest.raises(DownloadError, match=second.address):
            fetch([published(second.address)], tmp_path)
        assert not (tmp_path / "a.gz").exists()
        (path,) = fetch([published(second.address, server.address)], tmp_path)
    assert path.read_bytes() == CONTENT


def test_of_an_endless_file_no_more_is_taken_than_was_published(server, tmp_path):
    server.files["/a.gz"] = bytes(10 * len(CONTENT))
    with pytest.raises(DownloadError, match="more than the 300000 bytes"):
        fetch([published(server.address)], tmp_path)
    assert (tmp_path / "a.gz.part").stat().st_size <= len(CONTENT) + download.CHUNK
    assert len(server.asked) == 1


def test_wrong_bytes_of_an_earlier_call_do_not_stay(server, tmp_path):
    (tmp_path / "a.gz.part").write_bytes(b"x" * 1000)
    (path,) = fetch([published(server.address)], tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.asked == ["bytes=1000-", "bytes=0-"]


@pytest.mark.parametrize("length", [300_000, 300_001])
def test_a_part_that_is_too_long_or_wrong_begins_anew(length, server, tmp_path):
    (tmp_path / "a.gz.part").write_bytes(b"x" * length)
    (path,) = fetch([published(server.address)], tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_server_whose_file_is_shorter_is_told(server, tmp_path):
    server.files["/a.gz"] = CONTENT[:1000]
    with pytest.raises(DownloadError, match="416"):
        fetch([published(server.address)], tmp_path)
    assert not (tmp_path / "a.gz").exists()


def test_a_busy_server_is_asked_again(server, tmp_path):
    server.files["/a.gz"] = 503
    with pytest.raises(DownloadError, match="503"):
        fetch([published(server.address)], tmp_path)
    assert len(server.asked) == download.TRIES


def closed_address():
    with web() as gone:
        return gone.address


def test_without_a_network_the_message_says_what_to_do(tmp_path):
    files = [published(closed_address(), name=name) for name in ("a.gz", "b.gz")]
    with pytest.raises(DownloadError) as error:
        fetch(files, tmp_path)
    assert isinstance(error.value, (DlkitError, OSError))
    for words in (
        "a.gz is not here and could not be fetched", "Connection refused", "a.gz, b.gz",
        files[0].addresses[0], f"into {tmp_path}", "DLKIT_DATA", "digits() needs no network",
    ):  # fmt: skip
        assert words in str(error.value)


@pytest.mark.parametrize(
    "garbage", [b"log in first\r\n\r\n", b"HTTP/9.9 200 OK\r\n\r\n", b"HTTP/1.1 200\r\n" * 9999]
)
def test_an_answer_that_is_no_http_is_told(garbage, server, tmp_path):
    server.garbage = garbage
    with pytest.raises(DownloadError, match=server.address):
        fetch([published(server.address)], tmp_path)


def test_a_proxy_that_is_named_after_a_failure_is_used(server, tmp_path, monkeypatch):
    away = closed_address()
    with pytest.raises(DownloadError, match="Connection refused"):
        fetch([published(away)], tmp_path)
    server.files[f"{away}a.gz"] = CONTENT  # a proxy is asked for the whole address
    monkeypatch.setenv("http_proxy", server.address)
    assert fetch([published(away)], tmp_path)[0].read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("proxy", "says"), [("http://127.0.0.1:port", "nonnumeric port"), ("http:/me", "no authority")]
)
def test_the_address_of_a_proxy_that_is_none_is_told(proxy, says, tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(DownloadError, match=says):
        fetch([published(closed_address())], tmp_path)


def test_a_file_put_there_by_hand_needs_no_network(tmp_path):
    (tmp_path / "a.gz").write_bytes(CONTENT)
    assert fetch([published(closed_address())], tmp_path) == [tmp_path / "a.gz"]


def test_another_file_put_there_by_hand_is_refused_and_stays(tmp_path):
    (tmp_path / "a.gz").write_bytes(b"mine")
    with pytest.raises(DataError, match="is not the published file"):
        fetch([published(closed_address())], tmp_path)
    assert (tmp_path / "a.gz").read_bytes() == b"mine"


def test_a_folder_that_is_none_is_told(server, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="file"):
        fetch([published(server.address)], tmp_path / "file" / "below")


def test_the_progress_is_told(server, tmp_path, capsys):
    fetch([published(server.address)], tmp_path)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.split("\r")[-1] == f"a.gz [{'#' * 24}] 100%  0.3 of 0.3 MiB\n"


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"DLKIT_DATA": "/d"}, "/d"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/dlkit"),
        ("linux", {}, "/home/u/.cache/dlkit"),
        ("darwin", {}, "/home/u/Library/Caches/dlkit"),
        ("darwin", {"DLKIT_DATA": "~/d"}, "/home/u/d"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/dlkit"),
    ],
)
def test_the_folder_is_that_of_the_platform(platform, environ, expected, monkeypatch):
    monkeypatch.setenv("HOME", "/home/u")
    for name in ("DLKIT_DATA", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(download.sys, "platform", platform)
    assert cache_folder().as_posix() == expected


# -- IDX --


def idx(array):
    kinds = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
    kind = kinds[array.dtype.str[1:]]
    head = struct.pack(f">HBB{array.ndim}I", 0, kind, array.ndim, *array.shape)
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def written(tmp_path, content, packed=True):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "i4", "f4", "f8"])
@pytest.mark.parametrize("shape", [(5,), (2, 3, 4), (0, 3)])
def test_an_array_comes_back(dtype, shape, tmp_path):
    array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    found = read_idx(written(tmp_path, idx(array)))
    assert found.dtype == array.dtype
    assert found.dtype.isnative
    assert found.shape == shape
    assert (found == array).all()
    assert found.flags.writeable


SMALL = np.arange(6, dtype=np.uint8).reshape(2, 3)


PACKED = gzip.compress(idx(SMALL), mtime=0)
DAMAGED = {  # bytes, whether they are still to be packed, and what is said of them
    "array cut": (idx(SMALL)[:-1], True, "cut off.*array ends after 5 of 6 bytes"),
    "head cut": (idx(SMALL)[:7], True, "cut off.*head ends after 3 of 4 bytes"),
    "empty": (b"", True, "cut off"),
    "too long": (idx(SMALL) + b"x", True, "goes on after its array"),
    "not packed": (idx(SMALL), False, "no gzip file"),
    "packing cut": (PACKED[:-9], False, "cut off"),
    "wrong sum": (PACKED[:-8] + b"12345678", False, "cut off, or no gzip file"),
    "no deflate": (PACKED[:10] + b"\x07" * 30, False, "cut off, or no gzip file"),
    "unknown kind": (b"\x00\x00\x07\x01\x00\x00\x00\x01x", True, "no IDX file"),
    "other file": (b"PK\x08\x01\x00\x00\x00\x01x", True, "no IDX file"),
    "huge": (struct.pack(">HBB2I", 0, 8, 2, 2**31, 2**31), True, "more than 256 MiB"),
    "many axes": (struct.pack(">HBB", 0, 8, 255) + b"\xff" * 1020, True, "more than 256 MiB"),
    "bomb": (idx(SMALL) + bytes(2**26), True, "goes on after its array"),
}


@pytest.mark.parametrize(("content", "packed", "says"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_or_hostile_file_is_refused(content, packed, says, tmp_path):
    with pytest.raises(DataError, match=says):
        read_idx(written(tmp_path, content, packed))


# -- MNIST, in small --


def small_set(monkeypatch, server, name, arrays):
    files = []
    for file, array in zip(FILES[name], arrays, strict=True):
        content = gzip.compress(idx(array))
        server.files[f"/{file.name}"] = content
        files.append(published(server.address, content=content, name=file.name))
    monkeypatch.setitem(FILES, name, tuple(files))


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_images_and_labels_have_the_form_of_the_course(name, server, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 256, (n, 28, 28)).astype(np.uint8) for n in (7, 3)]
    labels = [rng.integers(0, 10, n).astype(np.uint8) for n in (7, 3)]
    small_set(monkeypatch, server, name, [images[0], labels[0], images[1], labels[1]])
    monkeypatch.setenv("DLKIT_DATA", str(tmp_path))
    load = getattr(datasets, name)
    for (X, t), grey, expected in zip(load(), images, labels, strict=True):
        assert X.shape == (len(grey), 1, 28, 28)
        assert X.dtype == np.float32
        assert (X[:, 0] == grey / np.float32(255)).all()
        assert X.max() <= 1
        assert t.tolist() == expected.tolist()
        assert t.dtype == np.int64
    (flat, _), _ = load(flat=True, dtype=np.float64)
    assert flat.shape == (7, 784)
    assert flat.dtype == np.float64
    assert (tmp_path / name / "LICENCE.txt").read_text(encoding="utf-8") == datasets.licence(name)


def test_a_folder_that_can_only_be_read_is_enough(server, tmp_path, monkeypatch):
    images, labels = np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.uint8)
    small_set(monkeypatch, server, "mnist", [images, labels, images, labels])
    monkeypatch.setenv("DLKIT_DATA", str(tmp_path))
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "LICENCE.txt").symlink_to(tmp_path / "not there" / "a")  # unwritable
    assert datasets.mnist()[0][0].shape == (4, 1, 28, 28)


def test_arrays_that_do_not_fit_each_other_are_refused(server, tmp_path, monkeypatch):
    images, labels = np.zeros((4, 28, 28), np.uint8), np.zeros(3, np.uint8)
    small_set(monkeypatch, server, "mnist", [images, labels, images, labels])
    monkeypatch.setenv("DLKIT_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"got \(4, 28, 28\) of uint8 and \(3,\)"):
        datasets.mnist()


def test_the_published_sums_lengths_and_addresses_are_well_formed():
    files = [file for family in FILES.values() for file in family]
    assert len({file.sha256 for file in files}) == 8
    assert all(len(file.sha256) == 64 and int(file.sha256, 16) for file in files)
    assert all(len(file.addresses) == 2 for file in files)
    assert all(a.startswith("http") and a.endswith("/") for f in files for a in f.addresses)
    assert any(a.startswith("https") for f in files for a in f.addresses)
