# exportcheck as an image: built on Debian 12, run as nobody in particular.
#
#   docker build -t exportcheck .
#   docker run --rm -v ~/.aws:/home/exportcheck/.aws:ro exportcheck check --bucket … --export-name … --prefix …
FROM debian:12-slim AS build
WORKDIR /source
COPY scripts/install scripts/install
RUN scripts/install build
COPY . .
RUN cmake --preset release -DBUILD_TESTING=OFF && cmake --build build/release && cd build/release && cpack -G DEB

FROM debian:12-slim
COPY --from=build /source/build/release/exportcheck_*.deb /tmp/
RUN apt-get update && apt-get install --yes --no-install-recommends /tmp/exportcheck_*.deb \
    && rm -rf /var/lib/apt/lists/* /tmp/exportcheck_*.deb \
    && useradd --uid 65532 --create-home --shell /usr/sbin/nologin exportcheck
USER 65532
WORKDIR /home/exportcheck
ENTRYPOINT ["exportcheck"]
