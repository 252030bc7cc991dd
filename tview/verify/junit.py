"""The verdict as a JUnit report, for what reads test results: a case for each of the answers, and one for each check."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from tview.errors import Finding, Severity
from tview.text import message_of, translate
from tview.verify.model import Check, Verdict

_MOST = 50


def junit_report(verdicts: Sequence[Verdict], fail_on: Severity | None = Severity.ERROR) -> str:
    """One suite for each verdict. Findings at least as bad as `fail_on` fail their check; None fails none of them."""
    suites = "\n".join(_suite(verdict, fail_on) for verdict in verdicts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tview verify">\n{suites}\n</testsuites>\n'


def _suite(verdict: Verdict, fail_on: Severity | None) -> str:
    cases = list(_cases(verdict, fail_on))
    failures = sum("<failure" in case for case in cases)
    skipped = sum("<skipped" in case for case in cases)
    head = f'<testsuite name={quoteattr(_xml(verdict.source))} tests="{len(cases)}" failures="{failures}" skipped="{skipped}" '
    return f'{head}errors="0" time="{verdict.elapsed_s:.3f}">\n' + "\n".join(cases) + "\n</testsuite>"


def _cases(verdict: Verdict, fail_on: Severity | None) -> Iterator[str]:
    images, person = verdict.images, verdict.person
    lost = images.word not in ("complete", "complete-with-remarks")
    yield _case("verdict", f"images: {images.word}", images.summary if lost else None)
    wrong = person.word in ("several", "not-as-expected")
    yield _case("verdict", f"person: {person.word}", person.summary if wrong else None)
    if not verdict.finished:
        yield _case("verdict", "finished", translate("stopped before the end"))
    from tview.verify.checks import CHECKS

    for check in CHECKS:
        yield _of_check(check, verdict, fail_on)


def _of_check(check: Check, verdict: Verdict, fail_on: Severity | None) -> str:
    name, kind = f"{check.number} {translate(check.title)}", f"check.{check.axis}"
    if check.axis == "profile" and verdict.profile is None:
        return f"<testcase classname={quoteattr(kind)} name={quoteattr(_xml(name))}><skipped/></testcase>"
    found = [told for told in verdict.findings if told.code in check.codes]
    bad = [told for told in found if fail_on is not None and told.severity.rank <= fail_on.rank]
    return _case(kind, name, _lines(bad) if bad else None, _lines([told for told in found if told not in bad]))


def _lines(findings: Sequence[Finding]) -> str:
    lines = [f"{told.severity.value} {told.code}: {message_of(told)}" for told in findings[:_MOST]]
    return "\n".join([*lines, *([f"+ {len(findings) - _MOST}"] if len(findings) > _MOST else [])])


def _case(kind: str, name: str, failure: str | None, said: str = "") -> str:
    head = f"<testcase classname={quoteattr(kind)} name={quoteattr(_xml(name))}"
    first = (failure or "").split("\n", 1)[0]
    inside = f"<failure message={quoteattr(_xml(first))}>{escape(_xml(failure))}</failure>" if failure is not None else ""
    inside += f"<system-out>{escape(_xml(said))}</system-out>" if said else ""
    return f"{head}>{inside}</testcase>" if inside else f"{head}/>"


def _xml(text: str) -> str:
    """Without what XML 1.0 cannot hold (2.2)."""
    return "".join(c if c in "\t\n" or 0x20 <= ord(c) < 0xD800 or 0xE000 <= ord(c) < 0xFFFE or ord(c) > 0xFFFF else "\ufffd" for c in text)
