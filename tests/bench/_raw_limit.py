"""The floor of what issuing costs: verify a request, splice, sign. No database, nothing kept, every core.

python -m tests.bench._raw_limit SECONDS is one process of it; it prints how many it did.
"""

import os
import subprocess
import sys
import time

SECONDS = 4.0


def rate(processes: int = 2, seconds: float = SECONDS) -> float:
    """Certificates a second, over that many processes together."""
    command = [sys.executable, "-m", "tests.bench._raw_limit", str(seconds)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "smki_pma.settings.test"}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(processes)
    ]
    return sum(int(each.communicate()[0]) for each in running) / seconds


def issue_for(seconds: float) -> int:
    """As many as one process can."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    from certification.authorities.builder import new_serial
    from certification.authorities.profiles import CertificateKind
    from certification.engine.requests import RequestChecker, Wanted
    from certification.engine.template import make_template
    from tests.bench import _requests
    from tests.samples.authority_keys import AT, Hierarchy

    hierarchy = Hierarchy()
    template = make_template(hierarchy.contents(CertificateKind.DEVICE, environment=_requests.LIVE))
    key = hierarchy.keys[CertificateKind.ISSUING_DCA]
    ecdsa = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    checker = RequestChecker(_requests.LIVE)
    requests = [_requests.csr() for _ in range(2_000)]
    checker.check(requests[0])
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for request in requests[:200]:
            wanted = checker.check(request)
            if not isinstance(wanted, Wanted):
                raise RuntimeError(f"a request of the bench is wrong: {wanted}")
            tbs = template.splice(new_serial(AT), wanted.point, wanted.usage, wanted.eui64)
            key.sign(tbs, ecdsa)
        count += 200
        requests = requests[200:] + requests[:200]
    return count


if __name__ == "__main__":
    sys.stdout.write(f"{issue_for(float(sys.argv[1]))}\n")
