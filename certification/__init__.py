"""DCC's certification services (L3, L4, L7, L8, L10)."""
