# Completion of img-resolve, img-manifest, img-tar and img-save for fish.

# What a word stands for, with a home folder or a variable at its start in their places.
# Nothing is run for it, as the shell would run what is between ( and ).
function __img_meaning
    set -l parts (string match -r '^\$([A-Za-z_][A-Za-z_0-9]*)(.*)$' -- $argv[1])
    if test -n "$parts[2]"
        set -l name $parts[2]
        printf "%s\n" "$$name""$parts[3]"
    else
        string replace -r '^~(?=/|$)' $HOME -- $argv[1]
    end
end

# Images of the store that the command line names; nothing on any failure.
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
            case --imagestore --root --runroot --storage-driver --storage-opt
                set name $word
            case '--imagestore=*' '--root=*' '--runroot=*' '--storage-driver=*' '--storage-opt=*'
                set -l parts (string split -m 1 = -- $word)
                set -a options $parts[1] (__img_meaning $parts[2])
        end
    end
    command -q img-resolve
    and img-resolve $options --complete (commandline -ct) 2>/dev/null </dev/null
end

for tool in img-resolve img-manifest img-tar img-save
    complete -c $tool -f
    complete -c $tool -s v -l verbose -d 'Tell what is done, and why'
    complete -c $tool -s V -l version -d 'Show the version'
    complete -c $tool -s h -l help -d 'Show help information'
end

for tool in img-resolve img-save
    complete -c $tool -a '(__img_images)' -d Image
    complete -c $tool -l root -x -a '(__fish_complete_directories)' -d 'The graph root of the store'
    complete -c $tool -l runroot -x -a '(__fish_complete_directories)' -d 'The run root of the store'
    complete -c $tool -l imagestore -x -a '(__fish_complete_directories)' -d 'A separate root for images'
    complete -c $tool -l storage-opt -x -d 'An option of the storage driver'
    complete -c $tool -l platform -x -d 'The platform to take' \
        -a 'linux/amd64 linux/arm/v7 linux/arm64 linux/ppc64le linux/riscv64 linux/s390x'
    complete -c $tool -l storage-driver -x -a 'btrfs overlay vfs' -d 'The storage driver'
end

for tool in img-tar img-save
    complete -c $tool -l format -x -a 'docker-archive docker-dir oci-archive oci-dir' -d 'The format of the output'
    complete -c $tool -s o -l output -r -F -d 'The target'
    complete -c $tool -s f -l force -d 'Replace an existing target'
    complete -c $tool -l dry-run -d 'Only print what would be written'
    complete -c $tool -l progress -x -a 'auto json none plain tty' -d 'How to show progress'
    complete -c $tool -l events -r -F -d 'Append an event for each image'
    complete -c $tool -l report -r -F -d 'Write what was saved as JSON'
    complete -c $tool -l sync -d 'Flush the target to its disk'
    complete -c $tool -l compress -d 'Compress layers (docker-dir)'
    complete -c $tool -l uncompressed -d 'Leave layers as plain tar (OCI formats)'
    complete -c $tool -l compression -x -a 'gzip none' -d 'How to compress layers'
    complete -c $tool -l compression-level -x -a '1 2 3 4 5 6 7 8 9' -d 'From fast to small'
    complete -c $tool -l jobs -x -d 'Threads to work with'
    complete -c $tool -s q -l quiet -d 'No progress and no notes, only errors'
end

complete -c img-resolve -l all -d 'All images of the store'
complete -c img-resolve -l from-file -r -F -d 'Read further names from a file'
complete -c img-resolve -s 0 -l null -d 'Names that are read end in NUL'
complete -c img-resolve -l all-tags -d 'Give each record all names of its image'
complete -c img-resolve -l no-tags -d 'Give the records no tags'
complete -c img-resolve -s k -l keep-going -d 'Put error objects in place of failures'
complete -c img-resolve -s q -l quiet -d 'Print nothing'
complete -c img-resolve -l pretty -d 'Indent the records'
complete -c img-resolve -l complete -x -d 'Print the names and IDs that begin so'

complete -c img-manifest -l to -x -a 'docker oci' -d 'The format'
complete -c img-manifest -l raw -x -a 'config manifest' -d 'Print the bytes of a part'

complete -c img-save -s t -l tag -x -a '(__img_images)' -d 'A further name for the image'
complete -c img-save -s m -l multi-image-archive -d 'Accepted for the sake of podman'
