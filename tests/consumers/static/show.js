export const server = new URLSearchParams(location.search).get('server')

export const show = ({ data: text }) => {
  document.querySelector('output').textContent = text
}
