import app from './pt-BR/app.json';
import ui from './pt-BR/ui.json';

export default { ...app, ...ui };
