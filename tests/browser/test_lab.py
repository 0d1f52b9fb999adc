"""JupyterLab as a student meets it: the map opens, and no question comes before it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_map_of_the_course_opens_without_a_question(lab):
    lab.start()
    expect(lab.page.get_by_role("link", name="Chapter 1")).to_be_visible()
    expect(lab.page.locator(".lm-TabBar-tab.jp-mod-current")).to_contain_text("index.ipynb")
    expect(lab.page.get_by_text("Would you like to")).to_have_count(0)
    lab.screenshot("index")
