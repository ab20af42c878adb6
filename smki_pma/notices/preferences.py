"""What a person wants by e-mail. Formal notices always come; reminders may be gathered or left out."""

from django.db import models

from smki_pma.parties.models import Person


class Reminders(models.TextChoices):
    AT_ONCE = "at_once", "E-mail me each reminder at once"
    DAILY = "daily", "Gather my reminders in one e-mail each Working Day"
    NEVER = "never", "Do not e-mail reminders; I look at For you"


class Preference(models.Model):
    """One person's choice. A personal setting, not part of the record."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="notice_preference")
    reminders = models.CharField(max_length=10, choices=Reminders, default=Reminders.AT_ONCE)

    class Meta:
        app_label = "notices"

    def __str__(self) -> str:
        return f"{self.person}: {self.reminders}"


def choice_of(person: Person) -> str:
    """The person's choice; reminders at once where none was made."""
    found = Preference.objects.filter(person=person).values_list("reminders", flat=True).first()
    return found or Reminders.AT_ONCE
