import '@fontsource-variable/inter/index.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/states.css';
import './styles/forms.css';
import './styles/rows.css';
import './styles/menu.css';
import './styles/frame.css';
import './styles/scope.css';
import './styles/opening.css';
import './styles/charts.css';
import './styles/overview.css';
import './styles/held.css';
import './styles/policies.css';
import './styles/review.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startNotingPlaces, useSession } from './state/session.ts';
import { startSettings } from './state/settings.ts';

startSettings();
startNotingPlaces();
void useSession.getState().start();

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
