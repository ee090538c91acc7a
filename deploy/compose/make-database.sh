#!/bin/sh
# Run once by the image of PostgreSQL, while its data folder is made: an account that is no superuser, and a database that it owns.
set -eu
password=$(cat /run/secrets/usher-password)
psql --set=ON_ERROR_STOP=1 --set=password="$password" --username postgres <<'SQL'
CREATE ROLE usher LOGIN PASSWORD :'password';
CREATE DATABASE usher OWNER usher ENCODING 'UTF8' TEMPLATE template0;
SQL
