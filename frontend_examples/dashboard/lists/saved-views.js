// Views that a reader keeps in this browser: a page with its filter, period, order and columns, under a name.
import { html, useState } from "../html.js";
import { Icon } from "../parts/icons.js";
import { Menu } from "../parts/menu.js";
import { stored, store } from "../state/stored.js";

export function SavedViews() {
  const [views, setViews] = useState(() => stored("views", []));
  const keep = (next) => {
    store("views", next);
    setViews(next);
  };
  const save = (event) => {
    event.preventDefault();
    const name = event.currentTarget.elements.name.value.trim();
    if (!name) return;
    keep([...views.filter((view) => view.name !== name), { name, link: location.hash || "#/traces" }]);
    event.currentTarget.reset();
  };
  return html`<${Menu} label="Views" icon="star">
    ${!views.length && html`<p class="menu-note">No views yet. Name this one to come back to it.</p>`}
    <ul class="views">
      ${views.map(
        ({ name, link }) => html`<li key=${name}>
          <a href=${link}>${name}</a>
          <button type="button" class="button quiet" aria-label=${`Forget the view ${name}`}
            onClick=${() => keep(views.filter((view) => view.name !== name))}><${Icon} name="cross" /></button>
        </li>`,
      )}
    </ul>
    <form class="view-form" onSubmit=${save}>
      <input name="name" aria-label="Name of this view" placeholder="Name of this view" maxlength="60" />
      <button type="submit" class="button">Save</button>
    </form>
  <//>`;
}
