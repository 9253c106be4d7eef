/** What an error says, whichever client it comes from. */
export function strayOf(error) {
  const outcome = error?.response?.data ?? error?.outcome ?? error?.body;
  const said = outcome?.issue?.map(i => i.diagnostics ?? i.details?.text).join(' / ');
  return said ? `${error.message} (${said})` : (error?.stack ?? String(error)).split('\n').slice(0, 3).join(' ');
}

/** The error that must come. */
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}
