# Completion of img-resolve, img-manifest, img-tar and img-save for fish.

# Prints the value of a word: expands ~ or a variable at its start. Runs no command substitution.
function __img_meaning
    set -l parts (string match -r '^\$([A-Za-z_][A-Za-z_0-9]*)(.*)$' -- $argv[1])
    if test -n "$parts[2]"
        set -l name $parts[2]
        printf "%s\n" "$$name""$parts[3]"
    else
        string replace -r '^~(?=/|$)' $HOME -- $argv[1]
    end
end

# Prints the images of the store on the command line; nothing on failure.
function __img_images
    set -l options
    set -l name
    for word in (commandline -opc)
        if test -n "$name"
            set -a options $name (__img_meaning $word)
            set name
            continue
        end
        switch $word
            case --imagestore --namespace --root --runroot --storage-driver --storage-opt --store
                set name $word
            case '--imagestore=*' '--namespace=*' '--root=*' '--runroot=*' '--storage-driver=*' '--storage-opt=*' '--store=*'
                set -l parts (string split -m 1 = -- $word)
                set -a options $parts[1] (__img_meaning $parts[2])
        end
    end
    # The word without its opening quote, or the value in --tag=value and -tvalue.
    set -l prefix (commandline -ct | string replace -r '^(--tag=|-[0fmqv]*t)' '' | string replace -r '^["\']' '')
    command -q img-resolve
    and img-resolve $options --complete "$prefix" 2>/dev/null </dev/null
end

# Prints the files for a path in the same word as -o; fish itself completes paths in a word of their own.
function __img_attached_files
    set -l path (commandline -ct | string match -r -g '^-[0fmqv]*o(.+)$')
    and __fish_complete_path $path
end

for tool in img-resolve img-manifest img-tar img-save
    complete -c $tool -f
    complete -c $tool -s v -l verbose -d 'Explain each step'
    complete -c $tool -s V -l version -d 'Print the version'
    complete -c $tool -s h -l help -d 'Print a summary of the options'
end

for tool in img-resolve img-save
    complete -c $tool -a '(__img_images)' -d Image
    complete -c $tool -l store -x -a 'containerd docker podman' -d 'Whose store to read'
    complete -c $tool -l root -x -a '(__fish_complete_directories)' -d 'Root of the store'
    complete -c $tool -l namespace -x -a 'default k8s.io moby' -d 'Namespace in containerd\'s store'
    complete -c $tool -l runroot -x -a '(__fish_complete_directories)' -d 'Run root of the store'
    complete -c $tool -l imagestore -x -a '(__fish_complete_directories)' -d 'Separate root for images'
    complete -c $tool -l storage-opt -x -d 'Option of the storage driver'
    complete -c $tool -l platform -x -d 'Platform to pick' \
        -a 'linux/amd64 linux/arm/v7 linux/arm64 linux/ppc64le linux/riscv64 linux/s390x'
    complete -c $tool -l all-platforms -d 'Take all platforms that are there'
    complete -c $tool -l storage-driver -x -a 'btrfs overlay vfs' -d 'Storage driver'
    complete -c $tool -l all -d 'Select all images of the store'
    complete -c $tool -l from-file -r -F -d 'Read more names from a file'
    complete -c $tool -s 0 -l null -d 'Names are separated by NUL'
    complete -c $tool -l all-tags -d 'Use all names of each image as its tags'
    complete -c $tool -l no-tags -d 'Write records without tags'
end

for tool in img-tar img-save
    complete -c $tool -l format -x -a 'docker-archive docker-dir hybrid oci-archive oci-dir' -d 'Output format'
    complete -c $tool -s o -l output -r -F -a '(__img_attached_files)' -d 'Write to this path'
    complete -c $tool -s f -l force -d 'Replace an existing target'
    complete -c $tool -s m -l multi-image-archive -d 'Write several images into an OCI output'
    complete -c $tool -l dry-run -d 'Print what would be written'
    complete -c $tool -l progress -x -a 'auto json none plain tty' -d 'Progress display'
    complete -c $tool -l events -r -F -d 'Append an event for each image to a file'
    complete -c $tool -l report -r -F -d 'Write a JSON report to a file'
    complete -c $tool -l sync -d 'Flush the target to disk'
    complete -c $tool -l verify -d 'Check the images, and write nothing'
    complete -c $tool -l compress -d 'Compress layers (docker-dir, hybrid)'
    complete -c $tool -l uncompressed -d 'Write layers as plain tar (OCI formats)'
    complete -c $tool -l compression -x -a 'gzip keep none zstd' -d 'Compression of layers'
    complete -c $tool -l compression-level -x -a '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19' -d 'Compression level'
    complete -c $tool -l jobs -x -d 'Number of threads'
    complete -c $tool -s q -l quiet -d 'Print errors only'
end

complete -c img-resolve -s k -l keep-going -d 'Continue after failures'
complete -c img-resolve -s q -l quiet -d 'Print nothing'
complete -c img-resolve -l content -d 'Add manifest and config as JSON'
complete -c img-resolve -l pretty -d 'Indent the records'
complete -c img-resolve -l complete -x -d 'Print names and IDs starting with a prefix'

for tool in img-manifest img-save
    complete -c $tool -l have -r -F -d 'Leave out the layers that a file lists'
end
complete -c img-manifest -l to -x -a 'docker oci' -d 'Format of manifest and config'
complete -c img-manifest -l amend -d 'Apply edits of content and annotations'
complete -c img-manifest -l raw -x -a 'config manifest' -d 'Print the bytes of manifest or config'

complete -c img-save -s t -l tag -x -a '(__img_images)' -d 'Additional name for the image'

complete -c img-tar -l deep -d 'Check the members of layers, too'
complete -c img-tar -l have -r -F -d 'Layers that a file lists may be missing'
complete -c img-tar -n '__fish_contains_opt verify' -F
