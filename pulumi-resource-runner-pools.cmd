@node "%~dp0dist\plugin\main.js" %*
