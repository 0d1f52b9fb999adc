"""`make lab`: JupyterLab starts as promised, on a student's copy that is brought up to date."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.websocket import websocket_connect
from traitlets.utils.importstring import import_item

from autograder.paths import ROOT
from dlkit import lab
from dlkit.home.update import update_work
from tests.home.books import CHAPTER, first_release, write_course
from tests.lab_server import ask, free_port, post, running


@pytest.fixture
def course(tmp_path):
    write_course(tmp_path / "course", first_release())
    return tmp_path / "course"


@pytest.mark.parametrize(("as_root", "options", "times"), [
    (True, [], 1), (True, ["--allow-root"], 1), (False, [], 0),
])  # fmt: skip
def test_root_is_allowed_by_itself(tmp_path, as_root, options, times):
    arguments = lab.lab_arguments(options, root=tmp_path, as_root=as_root)
    assert arguments.count("--allow-root") == times


def test_the_index_is_opened_where_there_is_one(course, tmp_path):
    def page():
        arguments = lab.lab_arguments([], root=tmp_path)
        return next(a for a in arguments if "default_url" in a).partition("=")[2]

    assert page() == "/lab"
    update_work(course, tmp_path / "work")
    assert page() == "/lab/tree/work/index.ipynb"


def test_no_message_to_the_page_waits_for_the_one_before(tmp_path, monkeypatch):
    class Handler(KernelWebsocketHandler):
        prompt = False

        def __init__(self):  # without a request to answer
            pass

        def set_nodelay(self, value):
            self.prompt = value

    name = "--ServerApp.kernel_websocket_connection_class="
    (option,) = (a for a in lab.lab_arguments([], root=tmp_path) if a.startswith(name))
    connection = import_item(option.removeprefix(name))
    monkeypatch.setattr(
        ZMQChannelsWebsocketConnection, "connect", lambda self: self.websocket_handler.prompt
    )
    assert connection(websocket_handler=Handler()).connect() is True


def test_what_the_user_has_set_stays_behind_the_course(tmp_path):
    before = {"PATH": "/usr/bin", "JUPYTER_CONFIG_PATH": "/mine"}
    after = lab.lab_environment(before, classroom=tmp_path / "a" / ".." / "b")
    assert after["PATH"].endswith(f"{os.pathsep}/usr/bin")
    assert after["JUPYTER_CONFIG_PATH"] == f"{lab.SETTINGS}{os.pathsep}/mine"
    assert after["CLASSROOM"] == str(tmp_path / "b")
    assert "CLASSROOM" not in lab.lab_environment(before)


@pytest.fixture
def house(tmp_path, course):
    """A project folder that holds dlkit and a course of one empty chapter."""
    shutil.copytree(ROOT / "dlkit", tmp_path / "dlkit")
    return tmp_path


def test_a_second_make_lab_takes_the_next_port_and_leaves_the_open_notebooks_alone(house):
    with running(house, "--port", str(free_port())) as first:
        assert Path(first["root_dir"]) == house
        kernel = ask(first, "api/kernelspecs")["kernelspecs"]["python3"]
        assert kernel["spec"]["language"] == "python"
        book = house / "work" / CHAPTER / f"{CHAPTER}.ipynb"
        before = book.read_bytes()
        release = first_release()
        release["cells"][0]["source"] = "# One, anew"
        write_course(house / "course", release, '{"of": 2}')

        with running(house, "--port", str(first["port"])) as second:
            assert second["port"] != first["port"]
            assert ask(second, "api/status")["started"] != ask(first, "api/status")["started"]
            assert "JupyterLab is open on it" in (house / "lab.log").read_text()
            assert book.read_bytes() == before

    with running(house, "--port", str(free_port())):
        assert "# One, anew" in book.read_text()
        assert "was brought up to date" in (house / "lab.log").read_text()


def test_jupyterlab_asks_about_no_news_and_has_the_courses_extension(house):
    with running(house, "--port", str(free_port())) as notes:
        setting = ask(notes, "lab/api/settings/@jupyterlab/apputils-extension:notification")
        assert setting["schema"]["properties"]["fetchNews"]["default"] == "false"
        assert setting["schema"]["properties"]["checkForUpdates"]["default"] is False
        assert ask(notes, "lab/extensions/deep-learning-course/package.json")["license"] == "MIT"
    assert not list((house / "home").rglob("*.jupyterlab-settings"))
    assert not list(house.rglob("*.part"))


def test_a_work_that_cannot_be_written_does_not_keep_jupyterlab_from_starting(house):
    (house / "work").write_text("a file in the way")
    with running(house, "--port", str(free_port())) as notes:
        assert ask(notes, "api/status")["kernels"] == 0
        assert "work/ stays as it is" in (house / "lab.log").read_text()


SLEEPER = """
import time
from comm import get_comm_manager

def opened(comm, message):
    comm.on_msg(lambda message: time.sleep(message["content"]["data"]["seconds"]))

get_comm_manager().register_target("sleeper", opened)
"""


class Page:
    """A page's connection to a kernel, by which it sends messages and hears the states."""

    def __init__(self, socket):
        self._socket, self._session = socket, Session(key=b"")

    async def states(self, kind, **content):
        """What the kernel is said to be, from a message to it until it is idle again."""
        message = self._session.msg(kind, content)
        packed = serialize_msg_to_ws_v1(message, "shell", pack=self._session.pack)
        await self._socket.write_message(packed, binary=True)
        heard = []
        while "idle" not in heard:
            _channel, parts = deserialize_msg_from_ws_v1(await self._socket.read_message())
            header, parent, _metadata, body = map(self._session.unpack, parts[:4])
            if parent.get("msg_id") == message["msg_id"] and header["msg_type"] == "status":
                heard.append(body["execution_state"])
        return heard


def test_the_page_hears_of_a_move_only_when_it_takes_long(house):
    async def talk(notes, kernel):
        place = notes["url"].replace("http", "ws", 1) + f"api/kernels/{kernel}/channels"
        protocol = ["v1.kernel.websocket.jupyter.org"]
        socket = await websocket_connect(
            f"{place}?token={notes['token']}", subprotocols=protocol, connect_timeout=60
        )
        page = Page(socket)
        run = await page.states("execute_request", code=SLEEPER)
        opened = await page.states("comm_open", comm_id="1", target_name="sleeper", data={})
        moves = [
            await page.states("comm_msg", comm_id="1", data={"seconds": seconds})
            for seconds in (*[0] * 10, 0.5)
        ]
        socket.close()
        return run, opened, moves

    with running(house, "--port", str(free_port())) as notes:
        kernel = post(notes, "api/kernels", {"name": "python3"})["id"]
        run, opened, (*quick, slow) = asyncio.run(talk(notes, kernel))
    assert run == opened == ["busy", "idle"]
    assert ["idle"] in quick  # all of them, unless the machine is slow
    assert slow == ["busy", "idle"]
