// Pictures of a story, numbered in its order.

/** What takes the next picture of a page under a name. */
export function pictures(output, story) {
  let count = 0;
  return async (page, name) => {
    count += 1;
    await page.screenshot({ path: `${output}/${story}-${count}-${name}.png`, fullPage: true });
  };
}
