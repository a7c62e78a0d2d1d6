"""`python -m tests.flood`: measures every way of lagging, prints a table, fails beyond a bound."""

import argparse
import sys

from tests.flood.run import LOG_BYTES, WAYS, Case, Measured, measure_alone

CALM_S = 10.0


def row(measured: Measured) -> str:
    """One line of the table."""
    case = measured.case
    ends = ", ".join(f"{code} {count}" for code, count in measured.ends.items())
    return (
        f"{case.direction:4} {case.transport:12} {measured.base_kib / 1024:5.0f} "
        f"{measured.peak_kib / 1024:5.0f} {measured.bound_kib / 1024:5.0f} "
        f"{measured.kernel_kib / 1024:7.0f} {measured.calm_ms:7.2f} {measured.flood_ms:7.2f} "
        f"{measured.first_s:6.1f}  {ends}"
    )


def main() -> int:
    """Measures what the command line asks for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.flood", description=__doc__)
    parser.add_argument("--sessions", type=int, default=500, help="at a time (default: 500)")
    parser.add_argument("--lag", type=float, default=10.0, help="seconds they may (default: 10)")
    options = parser.parse_args()
    faults: list[str] = []
    print("memory of the bridge before, at its peak, its bound, of TCP: MiB; 99th percentile: ms")
    print("way  transport     base  peak bound     TCP    calm   flood  first  ends")
    for direction, transport in WAYS:
        case = Case(
            direction, transport, options.sessions, LOG_BYTES, options.lag, CALM_S, is_timed=True
        )
        measured = measure_alone(case)
        print(row(measured), flush=True)
        faults += measured.faults()
        if not measured.is_calm:
            faults.append(f"others waited for {measured.flood_ms:.2f} ms")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
