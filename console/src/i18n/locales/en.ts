import app from './en/app.json';
import ui from './en/ui.json';

export default { ...app, ...ui };
