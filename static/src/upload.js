// Shows how much of a file has been sent. Without it, or where it fails, the form is sent as any other.
const form = document.querySelector('form[data-upload]')

if (form) {
  const progress = form.querySelector('[data-upload-progress]')
  const bar = progress.querySelector('progress')
  const words = progress.querySelector('[data-upload-words]')
  const button = form.querySelector('button[type=submit]')
  const megabytes = (octets) => (octets / 1048576).toFixed(1)
  let said = -1

  const show = (event) => {
    if (!event.lengthComputable) return
    const percent = Math.floor(100 * event.loaded / event.total)
    bar.value = percent
    if (percent === 100) words.textContent = 'Sent. Waiting for the answer.'
    else if (percent - said >= 10) words.textContent = `${megabytes(event.loaded)} of ${megabytes(event.total)} MB sent`
    if (percent - said >= 10) said = percent
  }

  // Takes over from the answer what a refusal changes: the errors and the key of the next sending.
  const showErrors = (answer) => {
    const page = new DOMParser().parseFromString(answer, 'text/html')
    const fresh = page.querySelector('#main-content')
    if (!fresh || !fresh.querySelector('.govuk-error-summary')) return false
    for (const old of document.querySelectorAll('.govuk-error-summary, .govuk-error-message')) old.remove()
    const summary = document.importNode(fresh.querySelector('.govuk-error-summary'), true)
    document.querySelector('#main-content').prepend(summary)
    const key = fresh.querySelector('[name=submission_key]')
    if (key) form.querySelector('[name=submission_key]').value = key.value
    const message = fresh.querySelector('.govuk-error-message')
    const group = form.querySelector('input[type=file]').closest('.govuk-form-group')
    if (message) {
      group.classList.add('govuk-form-group--error')
      group.querySelector('[data-module=govuk-file-upload]').before(document.importNode(message, true))
    }
    document.title = page.title
    summary.tabIndex = -1
    summary.focus()
    return true
  }

  const stop = () => {
    progress.hidden = true
    button.disabled = false
    said = -1
  }

  form.addEventListener('submit', (event) => {
    if (!form.querySelector('input[type=file]').files.length) return
    event.preventDefault()
    const sending = new XMLHttpRequest()
    sending.open('POST', form.action)
    sending.setRequestHeader('X-Upload', 'yes')
    sending.upload.addEventListener('progress', show)
    sending.addEventListener('load', () => {
      const made = sending.getResponseHeader('Location')
      if (sending.status === 201 && made) window.location.assign(made)
      else if (showErrors(sending.responseText)) stop()
      else form.submit()
    })
    sending.addEventListener('error', () => {
      stop()
      progress.hidden = false
      words.textContent = 'The connection was lost before everything was sent. Send the file again.'
    })
    progress.hidden = false
    button.disabled = true
    bar.value = 0
    words.textContent = 'Sending'
    sending.send(new FormData(form))
  })
}
