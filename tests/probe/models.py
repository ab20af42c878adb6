from django.db import models


class Cause(models.Model):
    """Written in the transaction that queues its job."""

    number = models.IntegerField(unique=True)


class Effect(models.Model):
    """Written by the job. Nothing stops a second one of the same number: the test looks for it."""

    number = models.IntegerField()
