"""What the PMA may resolve about lodging."""

from smki_pma.governance.meetings.motions import MotionKind, Option, register_motion

register_motion(
    MotionKind(
        key="documents.let_secretariat_lodge",
        clause="L5.3(b)",
        title="Let the Secretariat lodge documents for the SMKI PMA",
        options=(
            Option(
                key="let",
                label="Let the Secretariat lodge",
                effect="The Secretariat may lodge documents for the SMKI PMA until a later resolution.",
                carries="repository.documents.services.let_secretariat_lodge",
            ),
            Option(
                key="end",
                label="End the Secretariat's lodging",
                effect="Only the Code Administrator lodges for the SMKI PMA from then on.",
                carries="repository.documents.services.end_secretariat_lodging",
            ),
        ),
        subject_model="",
        confidential=False,
    )
)
