"""{% load environments %}: what must be marked beside whatever belongs to an environment."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from certification.authorities.environments import environment
from smki_pma.ui.templatetags.ui import badge

register = template.Library()


@register.simple_tag
def environment_badge(key: str) -> SafeString:
    """ "Test" for the test environment, "Sample" for a live one without its own object identifiers."""
    if key == "test":
        return badge("Test", "grey")
    if environment(key).sample:
        return badge("Sample", "grey")
    return mark_safe("")
