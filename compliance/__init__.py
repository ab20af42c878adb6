"""Assurance, Events of Default, remedial plans and emergency suspension (L2)."""
