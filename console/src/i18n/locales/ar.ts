import app from './ar/app.json';
import ui from './ar/ui.json';

export default { ...app, ...ui };
