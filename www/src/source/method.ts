/** Whether a request changes nothing on a server. */
export function isSafe({ method = 'GET' }: { method?: string | undefined }): boolean {
  return method.toUpperCase() === 'GET'
}
