"""Django's form renderer, set to GOV.UK markup: templates/ui/forms and templates/django/forms."""

from django.forms.renderers import TemplatesSetting

from smki_pma.ui.bound_field import GovUkBoundField


class GovUkRenderer(TemplatesSetting):
    """Renders forms with the project's templates; the bound field knows what GOV.UK markup needs."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = GovUkBoundField
