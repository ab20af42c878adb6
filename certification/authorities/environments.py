"""The two environments, live and test, and the object identifiers that tell their Certificates apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

# RFC 5612 sets this enterprise number aside for documentation: a sample value cannot be taken for a real one.
# The example arc of X.660, 2.999, is not read by the decoder that pkilint uses.
SAMPLE_DEVICE_POLICY = "1.3.6.1.4.1.32473.1.1"
SAMPLE_ORGANISATION_POLICY = "1.3.6.1.4.1.32473.1.2"
SAMPLE_HW_TYPE = "1.3.6.1.4.1.32473.2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Object identifiers of one environment; `sample` means that they are not the real ones."""

    key: str
    title: str
    device_policy: str
    organisation_policy: str
    hw_type: str
    sample: bool
    source: str


TEST = Environment(
    key="test",
    title="Test",
    device_policy="1.2.826.0.1.8641679.1.2.1.4",
    organisation_policy="1.2.826.0.1.8641679.1.2.1.4",
    hw_type="1.2.826.0.1.8641679.1.2.2.1",
    sample=False,
    source="measured on published DCC test certificates",
)


def live_environment(*, device_policy: str, organisation_policy: str, hw_type: str) -> Environment:
    """The live environment; an empty value falls back to a sample and marks the whole as sample."""
    sample = not (device_policy and organisation_policy and hw_type)
    return Environment(
        key="live",
        title="Live (sample object identifiers)" if sample else "Live",
        device_policy=device_policy or SAMPLE_DEVICE_POLICY,
        organisation_policy=organisation_policy or SAMPLE_ORGANISATION_POLICY,
        hw_type=hw_type or SAMPLE_HW_TYPE,
        sample=sample,
        source="sample values, not those of the Certificate Policies" if sample else "configuration",
    )


def environment(key: str) -> Environment:
    """The environment "test" or "live"; the live object identifiers come from the configuration."""
    if key == "test":
        return TEST
    if key == "live":
        return live_environment(
            device_policy=getattr(settings, "SMKI_LIVE_DEVICE_POLICY_OID", ""),
            organisation_policy=getattr(settings, "SMKI_LIVE_ORGANISATION_POLICY_OID", ""),
            hw_type=getattr(settings, "SMKI_LIVE_HW_TYPE_OID", ""),
        )
    raise ValueError(f"There is no environment {key!r}: it is test or live.")
