// Starts the GOV.UK components of the page. Every flow works without it.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll
} from 'govuk-frontend'

for (const component of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink
]) {
  createAll(component)
}

// The comma that FileUpload hides inside its button makes the button's name differ from its visible words, which
// voice control speaks (WCAG 2.5.3); it still separates the name from the label.
for (const comma of document.querySelectorAll('.govuk-file-upload-button > [id$="-comma"]')) {
  comma.setAttribute('aria-hidden', 'true')
}
