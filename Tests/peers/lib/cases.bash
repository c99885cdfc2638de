# The rows of `loaders`: what each client loads by itself.
# shellcheck shell=bash

# ---- cases ---------------------------------------------------------------------
#
# One line each: CLIENT HOW FORMAT OPTIONS NAME...
#   HOW      file, pipe (standard input of the client), pull (podman: by
#            transport), tree (the loaded files are those of the source)
#   OPTIONS  - for none; joined by commas; -t=NAME is an additional tag
#   NAME     * is every name in turn, + is one name of every image; id: selects
#            the ID of a name.
#            Several names and oci-dir: saved one by one into the same layout.
cases() {
    cat <<'END'
podman      file  docker-archive  -   *
podman      file  oci-archive     -   *
podman      file  oci-dir         -   +
podman      file  docker-dir      -   +
podman      pipe  docker-archive  -   localhost/zoo:1
podman      pipe  oci-archive     -   localhost/zoo:1
podman      pull  docker-archive  -   localhost/zoo:1
podman      pull  oci-archive     -   localhost/zoo:1
podman      pull  oci-dir         -   localhost/zoo:1
podman      pull  oci-dir         -   localhost:5000/team/tiny:x
podman      pull  docker-dir      -   localhost/zoo:1
podman      file  oci-archive     --uncompressed  localhost/zoo:1
podman      file  oci-dir         --uncompressed  localhost/zoo:1
podman      file  docker-dir      --compress      localhost/zoo:1
podman      file  docker-archive  -   id:localhost/tiny:1
podman      file  oci-archive     -   id:localhost/tiny:1
podman      file  docker-archive  -t=quay.io/z/q:1,-t=localhost/foo:latest  localhost/tiny:1
podman      file  docker-archive  -t=quay.io/z/q:1  id:localhost/tiny:1
podman      file  docker-archive  -m  quay.io/acme/shared-a:1 quay.io/acme/shared-b:1 quay.io/acme/shared-base:1
podman      file  docker-archive  -m  localhost/tiny:1 docker.io/library/tiny:stable localhost/nolayers:1 localhost/zoo:1
podman      tree  docker-archive  -   localhost/zoo:1
podman      tree  oci-archive     -   localhost/zoo:1
podman      tree  oci-dir         -   localhost/zoo:1
podman      tree  docker-dir      -   localhost/zoo:1
podman      tree  docker-archive  -   localhost/built:1
buildah     file  docker-archive  -   *
buildah     file  oci-archive     -   +
buildah     file  oci-dir         -   +
buildah     file  docker-dir      -   +
buildah     file  docker-archive  -   id:localhost/tiny:1
buildah     file  docker-archive  -t=quay.io/z/q:1,-t=localhost/foo:latest  localhost/tiny:1
buildah     file  oci-archive     --uncompressed  localhost/zoo:1
buildah     file  docker-dir      --compress      localhost/zoo:1
skopeo      file  docker-archive  -   *
skopeo      file  oci-archive     -   +
skopeo      file  oci-dir         -   +
skopeo      file  docker-dir      -   +
skopeo      file  oci-archive     --uncompressed  localhost/zoo:1
skopeo      file  oci-dir         --uncompressed  localhost/zoo:1
skopeo      file  docker-dir      --compress      localhost/zoo:1
skopeo      file  docker-archive  -   id:localhost/tiny:1
skopeo      file  oci-archive     -   id:localhost/tiny:1
skopeo      file  oci-dir         -   id:localhost/tiny:1
skopeo      file  docker-archive  -t=quay.io/z/q:1,-t=localhost/foo:latest  localhost/tiny:1
skopeo      file  docker-archive  -m  quay.io/acme/shared-a:1 quay.io/acme/shared-b:1 localhost/tiny:1 docker.io/library/tiny:stable
skopeo      file  oci-dir         -   quay.io/acme/shared-a:1 quay.io/acme/shared-b:1 localhost/tiny:1 localhost/tiny:latest
umoci       file  oci-dir         -   +
umoci       file  oci-dir         --uncompressed  localhost/zoo:1
umoci       file  oci-dir         -   quay.io/acme/shared-a:1 quay.io/acme/shared-b:1 localhost/tiny:1 localhost/tiny:latest
umoci       tree  oci-dir         -   localhost/zoo:1
umoci       tree  oci-dir         -   localhost/built:1
docker      file  docker-archive  -   *
docker      pipe  docker-archive  -   localhost/zoo:1
docker      file  docker-archive  -   id:localhost/tiny:1
docker      file  docker-archive  -t=quay.io/z/q:1,-t=localhost/foo:latest  localhost/tiny:1
docker      file  docker-archive  -m  quay.io/acme/shared-a:1 quay.io/acme/shared-b:1 quay.io/acme/shared-base:1
docker      file  docker-archive  -m  localhost/tiny:1 docker.io/library/tiny:stable localhost/nolayers:1 localhost/zoo:1
docker      tree  docker-archive  -   localhost/zoo:1
docker      tree  docker-archive  -   localhost/built:1
containerd  file  docker-archive  -   *
containerd  file  oci-archive     -   *
containerd  pipe  docker-archive  -   localhost/zoo:1
containerd  pipe  oci-archive     -   localhost/zoo:1
containerd  file  oci-archive     --uncompressed  localhost/zoo:1
containerd  file  docker-archive  -   id:localhost/tiny:1
containerd  file  oci-archive     -   id:localhost/tiny:1
containerd  file  docker-archive  -t=quay.io/z/q:1,-t=localhost/foo:latest  localhost/tiny:1
containerd  file  docker-archive  -m  quay.io/acme/shared-a:1 quay.io/acme/shared-b:1 localhost/tiny:1 docker.io/library/tiny:stable
containerd  tree  docker-archive  -   localhost/zoo:1
containerd  tree  oci-archive     -   localhost/zoo:1
END
}
