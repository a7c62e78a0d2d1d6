"""What the doctor finds, line by line, to be given to whoever is asked for help."""

from datetime import UTC, datetime

from bridge import __version__
from bridge.cli import exits
from bridge.doctor.examination import examination
from bridge.doctor.finding import Finding, conclusion


async def run_doctor(url: str, quiet_s: float) -> int:
    """Tell each finding as it is made; returns the exit code."""
    now = datetime.now(UTC)
    print(f"xmlsocket-bridge {__version__} doctor: {url}, {now:%Y-%m-%d %H:%M} UTC")
    findings: list[Finding] = []
    async with examination(url) as examined:
        async for finding in examined.run(quiet_s):
            findings.append(finding)
            print(line_of(finding), flush=True)
    last = conclusion(findings)
    print(line_of(last))
    return 0 if last.outcome != "nothing" else exits.FAILED


def line_of(finding: Finding) -> str:
    """One line of the report."""
    return f"{finding.title + ':':11}{finding.in_words}"
