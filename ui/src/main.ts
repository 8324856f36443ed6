// Starts the page: the backend first, then what it says is on the screen.
import '@fontsource-variable/noto-sans-sc/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { chooseBackend } from './lib/backend';
import { guardPage } from './lib/guard';

const target = document.getElementById('app');
if (target) {
  guardPage(window);
  void chooseBackend().then((backend) => mount(App, { target, props: { backend } }));
}
