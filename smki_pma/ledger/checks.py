"""System checks of the gate and of the guards."""
