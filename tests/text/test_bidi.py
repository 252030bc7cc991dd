"""Right-to-left text in terminals without a bidirectional algorithm: expected orders worked out by hand from UAX 9."""

import pytest

from tview.text import safe, visual_order


@pytest.mark.parametrize(
    ("logical", "visual"),
    [
        ("DOE, JANE", "DOE, JANE"),
        ("אבג", "גבא"),
        ("אב, גד", "דג ,בא"),
        ("  1  אב גד  ID 77", "  1  דג בא  ID 77"),
        ("אב 12.5 גד", "דג 12.5 בא"),
        ("אב 1961-04-02", "בא 1961-04-02"),
        ("(אב) (גד)", "(דג) (בא)"),
        ("x אב y גד z", "x בא y דג z"),
        ("אָב", "באָ"),
        ("قب", "بق"),
        ("山田 太郎", "山田 太郎"),
    ],
)
def test_runs_are_turned_round_and_what_is_beside_them_stays(logical, visual) -> None:
    assert visual_order(safe(logical)) == visual
