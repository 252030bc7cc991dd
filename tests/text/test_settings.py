"""Settings: one value from one file, each mistake named."""

import pytest

from tview.errors import SettingsError
from tview.settings import Settings, load_settings, settings_path
from tview.text import message_of


def test_absent_file_means_the_defaults(tmp_path) -> None:
    assert load_settings(None, {"HOME": str(tmp_path)}) == Settings()
    assert load_settings(None, {}) == Settings()


def test_xdg_comes_before_home() -> None:
    assert settings_path({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}) == "/x/tview/config.toml"
    assert settings_path({"HOME": "/h"}) == "/h/.config/tview/config.toml"


def test_values_are_read(tmp_path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('graphics = "sixel"\ncine_fps = 12\n')
    assert load_settings(str(file), {}) == Settings(graphics="sixel", cine_fps=12.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("graphics = 3", "wants str"),
        ('graphics = "vga"', "is one of"),
        ("unknown = 1", "not a setting"),
        ("cine_fps = 1000", "goes from"),
        ("a = [", ""),
        ("cine_fps = true", "wants float"),
    ],
)
def test_mistakes_are_named(tmp_path, text: str, said: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(str(file), {})
    assert said in message_of(caught.value.finding)


def test_a_named_file_has_to_be_there() -> None:
    with pytest.raises(SettingsError):
        load_settings("/nowhere/c.toml", {})
